import { pino } from 'pino';
import { fail } from '../../../src/errors';
import { type Relayed, receiverNamed, type Receiver } from '../../../src/hub/relay/forward';
import { relayAndKeep, type ToKeep } from '../../../src/hub/relay/relay-and-keep';
import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import type { PartyId, Sending } from '../../../src/simulator/types';
import {
  awaiting,
  cdr,
  CPO,
  EMSP,
  EMSP2,
  eventually,
  party,
  session,
  startThree,
} from '../../support/network';
import type { Fields, Joined, Network } from '../../support/network';

/* Sessions and CDRs: relayed, and kept where the receiver accepted them (semantics 25, 28, 29, 31). */

let network: Network;
let cpo: Joined;
let emsp: Joined;
let other: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp, other } = await startThree());
});
afterAll(() => network.stop());
afterEach(() => {
  emsp.behaviour = undefined;
});

type Sent = ReturnType<SimulatedPlatform['send']>;
const put = (id: string, extra: Partial<Sending> = {}, fields: Fields = {}): Sent =>
  cpo.send({
    method: 'PUT',
    module: 'sessions',
    interface: 'RECEIVER',
    path: `/BE/BEC/${id}`,
    to: EMSP,
    body: JSON.stringify(session(id, fields)),
    ...extra,
  });
const post = (id: string, extra: Partial<Sending> = {}, fields: Fields = {}): Sent =>
  cpo.send({
    method: 'POST',
    module: 'cdrs',
    interface: 'RECEIVER',
    to: EMSP,
    body: JSON.stringify(cdr(id, fields)),
    ...extra,
  });
const listed = async (who: SimulatedPlatform, module: string): Promise<unknown[]> =>
  (await who.listAll(module)).objects.map(({ id }) => id);
const stored = (module: string, id: string, from: SimulatedPlatform = cpo): Sent =>
  from.send({ method: 'GET', module, interface: 'RECEIVER', path: `/BE/BEC/${id}`, to: 'hub' });

describe('a session to a named party', () => {
  test('is answered by it and kept for the two alone', async () => {
    const answer = await put('S1', {}, { x_own: 1 });
    expect([answer.http, answer.status]).toEqual([201, 1000]);
    expect(emsp.received.at(-1)?.headers['ocpi-from-party-id']).toBe('BEC');
    expect((await stored('sessions', 'S1')).data).toMatchObject({ id: 'S1', x_own: 1 });
    expect(await listed(emsp, 'sessions')).toContain('S1');
    expect(await listed(cpo, 'sessions')).toContain('S1');
    expect(await listed(other, 'sessions')).toEqual([]);
  });

  test('that it refuses is not kept', async () => {
    emsp.behaviour = ({ method }) => (method === 'PUT' ? { status_code: 2001 } : undefined);
    expect((await put('S2')).status).toBe(2001);
    expect((await stored('sessions', 'S2')).http).toBe(404);
  });

  test('that breaks the sender’s policy is passed on all the same, and not kept', async () => {
    const answer = await put('S3', {}, { status: 'NO SUCH STATUS' });
    expect(answer.status).toBe(1000);
    expect((await stored('sessions', 'S3')).http).toBe(404);
  });

  test('is changed by a PATCH that it accepts, charging_periods appended', async () => {
    const period = (start: string): Fields => ({
      start_date_time: start,
      dimensions: [{ type: 'ENERGY', volume: 1 }],
    });
    await put('S4', {}, { charging_periods: [period('2026-01-01T00:00:00Z')] });
    const patch = {
      kwh: 5,
      last_updated: '2026-01-02T00:00:00Z',
      charging_periods: [period('2026-01-01T01:00:00Z')],
    };
    expect((await put('S4', { method: 'PATCH', body: JSON.stringify(patch) })).status).toBe(1000);
    expect(emsp.received.at(-1)?.body).toBe(JSON.stringify(patch));
    const kept = (await stored('sessions', 'S4')).data as Fields;
    expect([kept.kwh, (kept.charging_periods as unknown[]).length]).toEqual([5, 2]);
  });

  test('goes out once: the feed does not push it again', async () => {
    await put('S5');
    await put('S6', { to: 'hub' });
    await emsp.waitFor(
      ({ received }) => received.some(({ path }) => path.endsWith('S6')),
      awaiting('push of S6'),
    );
    expect(emsp.received.filter(({ path }) => path.endsWith('S5'))).toHaveLength(1);
  });

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

  test('whose storing fails is passed on, and stored later', async () => {
    await withoutStore(async () => expect((await put('S7')).status).toBe(1000));
    await eventually(async () => (await stored('sessions', 'S7')).status === 1000, 'S7 is stored');
  });

  test('is kept in the order of its messages: a PATCH waits for the PUT that could not be stored yet', async () => {
    await withoutStore(async () => expect((await put('SOrder')).status).toBe(1000));
    const patch = JSON.stringify({ kwh: 9, last_updated: '2026-01-02T00:00:00Z' });
    expect((await put('SOrder', { method: 'PATCH', body: patch })).status).toBe(1000);
    const kwh = async (): Promise<unknown> =>
      ((await stored('sessions', 'SOrder')).data as Fields | undefined)?.kwh;
    await eventually(async () => (await kwh()) === 9, 'SOrder has what was patched');
  });
});

describe('what is relayed and cannot be read by the hub', () => {
  const logged: { level: number; err: { message: string } }[] = [];
  const log = pino(
    { level: 'info' },
    { write: (line) => void logged.push(JSON.parse(line) as (typeof logged)[number]) },
  );
  async function relayed(id: string, toKeep: () => ToKeep): Promise<number> {
    const { context } = network.hub;
    const { receiver, sender } = await twoSides();
    const path = `/BE/BEC/${id}`;
    const message: Relayed = {
      module: 'sessions',
      interface: 'RECEIVER',
      method: 'PUT',
      path,
      search: '',
      body: JSON.stringify(session(id)),
      platform: sender.partner,
      sender: sender.party,
      from: sender.named,
      correlation_id: 'c-8',
      mayBeEmpty: true,
    };
    logged.length = 0;
    const reply = await relayAndKeep({ ...context, log }, { relayed: message, receiver }, toKeep);
    return reply.http;
  }
  const twoSides = async (): Promise<{ receiver: Receiver; sender: Receiver }> => ({
    receiver: await receiverNamed(network.hub.context.registry, EMSP),
    sender: await receiverNamed(network.hub.context.registry, CPO),
  });

  test('is not kept where that is the sender’s doing', async () => {
    expect(await relayed('S8', () => fail({ kind: 'NotJson', reason: 'not UTF-8' }))).toBe(201);
    expect(logged.map(({ level, err }) => [level, err.message])).toEqual([[30, 'NotJson']]);
  });

  test('is an error of the hub’s otherwise, seen by who runs it and not by the sender', async () => {
    const broken = (): never => {
      throw new TypeError('broken');
    };
    expect(await relayed('S9', broken)).toBe(201);
    expect(logged.map(({ level, err }) => [level, err.message])).toEqual([[50, 'broken']]);
  });
});

describe('without OCPI-to', () => {
  test('a session goes to the owner of its cdr_token, FROM the CPO', async () => {
    const answer = await put('S10', { to: undefined });
    expect([answer.http, answer.headers['ocpi-from-party-id']]).toEqual([201, 'TNM']);
    expect(emsp.received.at(-1)?.headers).toMatchObject({
      'ocpi-from-party-id': 'BEC',
      'ocpi-to-party-id': 'TNM',
      'ocpi-to-country-code': 'NL',
    });
    expect(await listed(emsp, 'sessions')).toContain('S10');
  });

  test('a PATCH goes to the party of the stored session', async () => {
    await put('S11', { to: undefined });
    const body = JSON.stringify({ kwh: 2, last_updated: '2026-01-02T00:00:00Z' });
    expect((await put('S11', { to: undefined, method: 'PATCH', body })).status).toBe(1000);
    expect(emsp.received.at(-1)).toMatchObject({ method: 'PATCH', body });
    expect((await put('NONE', { to: undefined, method: 'PATCH', body })).status).toBe(4001);
  });

  test('a CDR goes to the owner of its cdr_token; one that nobody owns is 4001', async () => {
    expect((await post('C10', { to: undefined })).http).toBe(201);
    const cdr_token = { country_code: 'XX', party_id: 'YYY', uid: '1', type: 'RFID', contract_id: 'C' };
    expect((await post('C11', { to: undefined }, { cdr_token })).status).toBe(4001);
    expect((await post('C12', { to: undefined, body: '{"id":"C12"}' })).status).toBe(2001);
    expect((await post('C13', { to: undefined, body: '{' })).http).toBe(400);
  });
});

describe('a CDR to a named party', () => {
  const locationOf = (answer: Awaited<Sent>): string => answer.headers.location ?? '';

  test('is answered with a Location at the hub, where its sender alone gets the receiver’s copy', async () => {
    const answer = await post('C1');
    expect(answer.http).toBe(201);
    const url = locationOf(answer);
    expect(url).toMatch(new RegExp(`^${network.hub.url}/ocpi/2.2.1/receiver/cdrs/[A-Za-z0-9_-]{43}$`));
    const read = await cpo.sendTo(url, { method: 'GET', to: EMSP });
    expect(read.data).toMatchObject({ id: 'C1' });
    expect(read.headers).toMatchObject({ 'ocpi-from-party-id': 'TNM', 'ocpi-to-party-id': 'BEC' });
    expect(emsp.received.at(-1)).toMatchObject({
      method: 'GET',
      path: '/ocpi/2.2.1/receiver/cdrs/BE/BEC/C1',
      headers: { 'ocpi-from-party-id': 'BEC', 'ocpi-to-party-id': 'TNM' },
    });
    expect((await other.sendTo(url, { method: 'GET' })).http).toBe(404);
    expect((await emsp.sendTo(url, { method: 'GET' })).http).toBe(404);
  });

  test('is not fetched for half a header pair or FROM another platform', async () => {
    const url = locationOf(await post('C7'));
    const before = emsp.received.length;
    const half = { 'OCPI-from-party-id': 'BEC' };
    for (const from of [{ from: EMSP2 }, { from: null, headers: half }])
      expect((await cpo.sendTo(url, { method: 'GET', ...from })).status).toBe(2001);
    expect(emsp.received).toHaveLength(before);
    const answer = await cpo.sendTo(url, { method: 'GET', from: null });
    expect([answer.status, answer.headers['ocpi-to-party-id']]).toEqual([1000, 'BEC']);
  });

  test('posted again gets the same Location', async () => {
    const first = await post('C2');
    const again = await post('C2');
    expect([again.http, locationOf(again)]).toEqual([200, locationOf(first)]);
  });

  test('is kept for the two alone and delivered once', async () => {
    await post('C3');
    expect(await listed(emsp, 'cdrs')).toContain('C3');
    expect(await listed(other, 'cdrs')).toEqual([]);
    const { json } = await network.hub.admin('GET', '/deliveries?state=delivered');
    expect((json.items as Fields[]).some((item) => item.id !== undefined)).toBe(true);
    expect((await post('C3', { to: 'hub' })).http).toBe(200);
    await post('C4', { to: 'hub' });
    await emsp.waitFor(
      ({ stored }) => [...stored.keys()].some((key) => key.includes('C4')),
      awaiting('CDR C4'),
    );
    const posted = emsp.received.filter(({ method, body }) => method === 'POST' && body.includes('"C3"'));
    expect(posted).toHaveLength(1);
  });

  test('that gave no Location is answered with that of the hub’s own copy', async () => {
    emsp.behaviour = ({ method }) => (method === 'POST' ? { http: 201, status_code: 1000 } : undefined);
    const url = locationOf(await post('C5'));
    expect(url).toBe(`${network.hub.url}/ocpi/2.2.1/receiver/cdrs/BE/BEC/C5`);
    expect((await cpo.sendTo(url, { method: 'GET' })).data).toMatchObject({ id: 'C5' });
  });

  test('that it refuses is neither kept nor given a Location', async () => {
    emsp.behaviour = ({ method }) => (method === 'POST' ? { status_code: 2001 } : undefined);
    const answer = await post('C6');
    expect([answer.status, answer.headers.location]).toEqual([2001, undefined]);
    expect((await stored('cdrs', 'C6')).http).toBe(404);
  });
});

const SCSP = party('SCSP', 'NL', 'SCS');
const sent = (platform: Joined, id: string, from: string): number =>
  platform.received.filter(({ method, path, body, headers }) => {
    const named = path.endsWith(id) || (method === 'POST' && body.includes(`"${id}"`));
    return method !== 'GET' && named && headers['ocpi-from-party-id'] === from;
  }).length;

describe('what a CPO sends to an SCSP besides its eMSP', () => {
  const BOTH = { ...party('CPO', 'FR', 'MIX') };
  let scsp: Joined;
  beforeAll(async () => {
    scsp = await network.join({ parties: [party('SCSP', 'SE', 'SC2')] });
  });
  const to = { country_code: 'SE', party_id: 'SC2' };

  test.each(['hub', EMSP, undefined] as const)(
    'a session stays its eMSP’s (first sent TO %j)',
    async (first) => {
      const id = `B-${JSON.stringify(first)?.length ?? 0}`;
      await put(id, { to: first });
      expect((await put(id, { to })).status).toBe(1000);
      const body = JSON.stringify({ kwh: 7, last_updated: '2026-01-02T00:00:00Z' });
      expect((await put(id, { to, method: 'PATCH', body })).status).toBe(1000);
      expect((await stored('sessions', id)).data).toMatchObject({ kwh: 7 });
      expect(await listed(emsp, 'sessions')).toContain(id);
      const open = await put(id, { to: undefined, method: 'PATCH', body });
      expect(open.headers['ocpi-from-party-id']).toBe('TNM');
    },
  );

  test('a session that the SCSP alone has is the SCSP’s, until its eMSP gets it', async () => {
    await put('B10', { to });
    expect(await listed(scsp, 'sessions')).toContain('B10');
    await put('B10');
    expect(await listed(emsp, 'sessions')).toContain('B10');
  });

  test('a CDR that another party has got is delivered to its eMSP when it comes TO = hub, once', async () => {
    await post('B20', { to: EMSP2 });
    expect(await listed(other, 'cdrs')).toContain('B20');
    expect((await post('B20', { to: 'hub' })).http).toBe(200);
    await eventually(() => sent(emsp, 'B20', 'HUB') === 1, 'B20 is delivered');
    expect(await listed(emsp, 'cdrs')).toContain('B20');
    expect((await post('B20', { to: 'hub' })).http).toBe(200);
    expect((await post('B20', { to: EMSP2 })).status).toBe(1000);
    expect(await listed(emsp, 'cdrs')).toContain('B20');
    await post('B21', { to: 'hub' });
    await eventually(() => sent(emsp, 'B21', 'HUB') === 1, 'B21 is delivered');
    expect(sent(emsp, 'B20', 'HUB')).toBe(1);
  });

  test('of a party that is CPO and eMSP: its own sessions are relayed and kept', async () => {
    const mix = await network.join({ parties: [BOTH, { ...BOTH, role: 'EMSP' }] });
    const own = session('B30', { country_code: 'FR', party_id: 'MIX' });
    const answer = await mix.send({
      method: 'PUT',
      module: 'sessions',
      interface: 'RECEIVER',
      path: '/FR/MIX/B30',
      to,
      body: JSON.stringify(own),
    });
    expect(answer.status).toBe(1000);
    expect(await listed(scsp, 'sessions')).toContain('B30');
  });
});

describe('a session that its eMSP passes on to an SCSP', () => {
  const pass = (id: string, body: Fields, to: PartyId = SCSP): Sent =>
    emsp.send({
      method: 'PUT',
      module: 'sessions',
      interface: 'RECEIVER',
      path: `/BE/BEC/${id}`,
      to,
      body: JSON.stringify(body),
    });

  test('is relayed although the CPO is not of its platform, and not kept as the eMSP’s', async () => {
    const scsp = await network.join({ parties: [SCSP] });
    const answer = await pass('P1', session('P1'));
    expect([answer.http, answer.status]).toEqual([201, 1000]);
    expect(scsp.received.at(-1)?.headers['ocpi-from-party-id']).toBe('TNM');
    expect((await stored('sessions', 'P1')).http).toBe(404);
    const body = { kwh: 3, last_updated: '2026-02-01T00:00:00Z' };
    await put('P2');
    await pass('P2', session('P2'));
    const patched = await emsp.send({
      method: 'PATCH',
      module: 'sessions',
      interface: 'RECEIVER',
      path: '/BE/BEC/P2',
      to: SCSP,
      body: JSON.stringify(body),
    });
    expect(patched.status).toBe(1000);
  });

  test('of another eMSP’s token is 404, and to anyone but an SCSP too', async () => {
    const cdr_token = { country_code: 'DE', party_id: 'DEM', uid: '1', type: 'RFID', contract_id: 'C' };
    expect((await pass('P3', session('P3', { cdr_token }))).http).toBe(404);
    expect((await pass('P4', session('P4'), EMSP2)).http).toBe(404);
  });
});
