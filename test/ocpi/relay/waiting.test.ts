import { pino } from 'pino';
import type { Party } from '../../../src/domain/party';
import type { Partner } from '../../../src/domain/partner';
import type { Incoming } from '../../../src/hub/objects/incoming';
import { RelayedObjects } from '../../../src/hub/relay/relayed-objects';
import { receiverNamed } from '../../../src/hub/relay/forward';
import { sessions } from '../../../src/ocpi/v2_2_1/sessions/module';
import { CPO, EMSP, session, startTwo, type Joined, type Network } from '../../support/network';

/* Relayed sessions that wait because the database does not store them: at most 10,000 messages. */

const MOST = 10_000;

interface Line {
  msg: string;
  lost?: number;
  ids?: string[];
}

let network: Network;
let cpo: Joined;
let between: { partner: Partner; owner: Party; receiver: Party };
let keeper: RelayedObjects;
let errors: Line[];

beforeAll(async () => {
  ({ network, cpo } = await startTwo());
  const { registry } = network.hub.context;
  const [sender, receiver] = [await receiverNamed(registry, CPO), await receiverNamed(registry, EMSP)];
  between = { partner: sender.partner, owner: sender.party, receiver: receiver.party };
});
afterAll(() => network.stop());

beforeEach(() => {
  errors = [];
  const write = (line: string): void => void errors.push(JSON.parse(line) as Line);
  keeper = new RelayedObjects(network.hub.context, pino({ level: 'error' }, { write }));
});

/** A session that its eMSP has accepted. */
function accepted(id: string, kwh = 0): Incoming {
  const { receiver, ...from } = between;
  const value = session(id, { kwh });
  return {
    ...from,
    module: sessions,
    method: 'PUT',
    ids: [id],
    type: undefined,
    body: { text: JSON.stringify(value), value },
    correlation_id: `c-${id}`,
    relayed: { receiver, location_url: null },
  };
}

/** Texts of objects cannot be stored meanwhile. */
async function withoutStore(act: () => Promise<void>): Promise<void> {
  const { pool } = network.hub.context.database;
  await pool.query('alter table object_text rename to object_text_away');
  try {
    await act();
  } finally {
    await pool.query('alter table object_text_away rename to object_text');
  }
}

/** So many messages of a hundred sessions. */
async function fill(name: string, messages: number): Promise<void> {
  for (let kwh = 0; kwh * 100 < messages; kwh++) {
    const size = Math.min(100, messages - kwh * 100);
    const ids = Array.from({ length: size }, (_, i) => `${name}${i}`);
    await Promise.all(ids.map((id) => keeper.keep(accepted(id, kwh))));
  }
}

const stored = (id: string): ReturnType<Joined['send']> =>
  cpo.send({
    method: 'GET',
    module: 'sessions',
    interface: 'RECEIVER',
    path: `/BE/BEC/${id}`,
    to: 'hub',
  });
const kwhOf = async (id: string): Promise<unknown> => (await stored(id)).data;

test('10,000 messages that wait are all stored once the database stores again', async () => {
  await withoutStore(async () => {
    await keeper.keep(accepted('A-OLDEST'));
    await fill('A', MOST - 1);
  });
  await keeper.close();
  expect(errors).toEqual([]);
  expect((await stored('A-OLDEST')).http).toBe(200);
  for (const id of ['A0', 'A98']) expect(await kwhOf(id)).toMatchObject({ kwh: 99 });
  expect(await kwhOf('A99')).toMatchObject({ kwh: 98 });
});

test('one more, and the session that waited longest is given up and named in the log; all others are stored', async () => {
  await withoutStore(async () => {
    await keeper.keep(accepted('B-OLDEST'));
    await keeper.keep(accepted('B-SECOND'));
    await fill('B', MOST - 1);
  });
  await keeper.close();
  expect(errors).toMatchObject([
    { module: 'sessions', ids: ['B-OLDEST'], msg: 'a relayed object was not stored' },
  ]);
  expect((await stored('B-OLDEST')).http).toBe(404);
  expect((await stored('B-SECOND')).http).toBe(200);
  expect(await kwhOf('B0')).toMatchObject({ kwh: 99 });
});

test('of a session with several messages the first is given up, and the last is stored', async () => {
  await withoutStore(async () => {
    await keeper.keep(accepted('C-OLDEST', 1));
    await keeper.keep(accepted('C-OLDEST', 2));
    await fill('C', MOST - 1);
  });
  await keeper.close();
  expect(errors).toMatchObject([{ ids: ['C-OLDEST'], msg: 'a relayed object was not stored' }]);
  expect(await kwhOf('C-OLDEST')).toMatchObject({ kwh: 2 });
});

test('what cannot be stored by the end of the process is counted in the log', async () => {
  await withoutStore(async () => {
    await fill('D', MOST + 5);
    await keeper.close();
  });
  expect(errors.filter(({ msg }) => msg === 'a relayed object was not stored')).toHaveLength(5);
  expect(errors.at(-1)).toMatchObject({ lost: MOST, msg: 'relayed objects could not be stored' });
});
