import { Upkeep } from '../../../src/store/upkeep';
import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import { cdr, CPO, EMSP, startTwo, token, type Fields, type Network } from '../../support/network';
import { startHub, type TestHub } from '../../support/hub';

/* What the hub handed out lasts: it survives a restart, and what has expired is removed (semantics 24 to 26). */

let network: Network;
let second: TestHub;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;
let urls: { page: string; result: string; cdr: string };

const own = (): string => `http://127.0.0.1:${emsp.port}/ocpi/2.2.1/sender/commands/x`;

async function handOut(): Promise<typeof urls> {
  cpo.behaviour = ({ module, role }) =>
    module === 'tariffs' && role === 'SENDER'
      ? {
          data: [],
          headers: { Link: `<http://127.0.0.1:${cpo.port}/ocpi/2.2.1/sender/tariffs?offset=1>; rel="next"` },
        }
      : undefined;
  const list = await emsp.send({ method: 'GET', module: 'tariffs', interface: 'SENDER', to: CPO });
  await emsp.send({
    method: 'POST',
    module: 'commands',
    interface: 'RECEIVER',
    path: '/RESERVE_NOW',
    to: CPO,
    body: JSON.stringify({
      response_url: own(),
      token: token('T1'),
      location_id: 'LOC1',
      reservation_id: 'RES1',
      expiry_date: '2099-01-01T00:00:00Z',
    }),
  });
  const command = cpo.received.find(({ module }) => module === 'commands');
  const posted = await cpo.send({
    method: 'POST',
    module: 'cdrs',
    interface: 'RECEIVER',
    to: EMSP,
    body: JSON.stringify(cdr('C1')),
  });
  return {
    page: /<(.*)>/.exec(list.headers.link ?? '')?.[1] ?? '',
    result: String((command?.json as Fields).response_url),
    cdr: posted.headers.location ?? '',
  };
}

beforeAll(async () => {
  ({ network, cpo, emsp } = await startTwo());
  urls = await handOut();
  const { port, connection } = network.hub;
  await network.hub.stop();
  second = await startHub({ PORT: String(port), PUBLIC_URL: network.hub.url }, connection);
});
afterAll(async () => {
  await second.stop();
  await Promise.all([cpo.stop(), emsp.stop()]);
});

test('a page, a response_url and a Location still work after a restart', async () => {
  expect((await emsp.sendTo(urls.page, { method: 'GET', to: CPO })).status).toBe(1000);
  const posted = await cpo.sendTo(urls.result, { method: 'POST', to: EMSP, body: '{"result":"ACCEPTED"}' });
  expect(posted.status).toBe(1000);
  expect(emsp.received.at(-1)?.path).toBe('/ocpi/2.2.1/sender/commands/x');
  expect((await cpo.sendTo(urls.cdr, { method: 'GET', to: EMSP })).data).toMatchObject({ id: 'C1' });
});

test('a reservation is still found after a restart', async () => {
  const answer = await emsp.send({
    method: 'POST',
    module: 'commands',
    interface: 'RECEIVER',
    path: '/CANCEL_RESERVATION',
    body: JSON.stringify({ response_url: own(), reservation_id: 'res1' }),
  });
  expect([answer.status, answer.headers['ocpi-from-party-id']]).toEqual([1000, 'BEC']);
});

test('names are stored as hashes alone', async () => {
  const { rows } = await second.context.database.pool.query('select encode(hash, $1) as hash from callback', [
    'escape',
  ]);
  const names = Object.values(urls).map((url) => /[A-Za-z0-9_-]{43}/.exec(url)?.[0] ?? '');
  expect(names.every((name) => name.length === 43)).toBe(true);
  expect(names.some((name) => JSON.stringify(rows).includes(name))).toBe(false);
});

test('what has expired is removed, what never expires stays', async () => {
  const { pool } = second.context.database;
  await pool.query(
    `update callback set expires_at = now() - interval '1 second' where expires_at is not null`,
  );
  await pool.query(`update known_route set expires_at = now() - interval '1 second'`);
  expect((await emsp.sendTo(urls.page, { method: 'GET', to: CPO })).http).toBe(404);
  await new Upkeep(pool, { hours: 1, changes: 1000 }).trim();
  const { rows } = await pool.query<{ kinds: string[]; routes: number }>(
    'select array(select kind from callback) as kinds, (select count(*)::int from known_route) as routes',
  );
  expect(rows).toEqual([{ kinds: ['cdr'], routes: 0 }]);
  expect((await cpo.sendTo(urls.cdr, { method: 'GET', to: EMSP })).status).toBe(1000);
});
