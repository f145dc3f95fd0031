import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { Override, ReceivedRequest } from '../../src/simulator/types';
import { line, startHubProcess, type HubProcess } from '../support/hub-process';
import { CPO, EMSP, eventually, location } from '../support/network';
import { OwnDatabase } from './own-database';

/*
 * Handshakes, pushes and starts fail, partners repeat in their answers what was sent to them, and the database goes
 * away; at LOG_LEVEL=trace, since that is how faults are looked for.
 */

const SECRET_KEY = 'secret-key-of-the-fault-run-0123456789';
const ADMIN_TOKEN = 'admin-token-of-the-fault-run-0123456789';
const PASSWORD = 'database-password-of-the-fault-run';
const SETTINGS = {
  LOG_LEVEL: 'trace',
  LOG_ACCESS: 'true',
  ALIVE_CHECK_S: '1',
  RETRY_MIN_MS: '50',
  RETRY_MAX_MS: '200',
  SECRET_KEY,
  ADMIN_TOKEN,
};

/** Everything that must not be shown; tokens are added as they are used. */
const secrets = new Set<string>([SECRET_KEY, ADMIN_TOKEN, PASSWORD]);

let database: OwnDatabase;
let url: string;
let hub: HubProcess;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;

/** One whose tokens are noted, whoever sends them to whom. */
async function platform(party: typeof CPO): Promise<SimulatedPlatform> {
  const started = await new SimulatedPlatform({ parties: [party] }).start();
  started.observe = ({ headers }) => {
    const sent = /^Token (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (sent !== undefined) secrets.add(Buffer.from(sent, 'base64').toString('utf8'));
  };
  return started;
}

beforeAll(async () => {
  database = await OwnDatabase.start();
  url = database.url.replace('@', `:${PASSWORD}@`);
  hub = await startHubProcess({ url }, SETTINGS);
  [cpo, emsp] = [await platform(CPO), await platform(EMSP)];
});

afterAll(async () => {
  await hub?.kill();
  for (const one of [cpo, emsp]) await one?.stop();
  await database?.end();
});

async function admin(method: string, at: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };
  const options = { method, headers, body: body && JSON.stringify(body) };
  return (await (await fetch(`${hub.url}/admin/api${at}`, options)).json()) as Record<string, unknown>;
}

async function join(of: SimulatedPlatform): Promise<void> {
  const made = await admin('POST', '/partners', { name: of.name });
  secrets.add(String(made.token_a));
  await of.register(`${hub.url}/ocpi/versions`, String(made.token_a));
}

const put = (n: number, body: object = location(`L${n}`, { evses: 1 })): Promise<unknown> =>
  cpo.send({
    method: 'PUT',
    module: 'locations',
    interface: 'RECEIVER',
    path: `/BE/BEC/L${n}`,
    body: JSON.stringify(body),
  });

/** Refuses, and repeats the token as it came and decoded. */
const repeating =
  (http: number) =>
  ({ headers }: ReceivedRequest): Override => {
    const token = headers.authorization ?? '';
    const decoded = Buffer.from(token.slice('Token '.length), 'base64').toString('utf8');
    return { http, status_code: 2001, status_message: `not for ${token} (${decoded})` };
  };

const text =
  (http: number) =>
  ({ headers }: ReceivedRequest): Override => ({ http, body: `not for ${headers.authorization}` });

async function failingHandshakes(): Promise<void> {
  for (const answer of [repeating(401), text(403)]) {
    emsp.behaviour = answer;
    await expect(join(emsp)).rejects.toThrow();
  }
  emsp.behaviour = undefined;
}

async function failingPushes(): Promise<void> {
  await put(1);
  await eventually(() => emsp.stored.size > 0, 'the first location at the eMSP');
  const seen = emsp.received.length;
  emsp.behaviour = repeating(400);
  await put(2);
  await eventually(() => emsp.received.length > seen, 'the push that is refused');
  emsp.behaviour = repeating(401);
  await put(3);
  await line(hub, 'a partner is down, its pushes wait');
  await line(hub, 'partner is OFFLINE');
  emsp.behaviour = undefined;
  await line(hub, 'partner is CONNECTED again');
  await put(4, { no: 'location' });
  await cpo.updateCredentials();
}

async function strangers(): Promise<void> {
  for (const secret of [...secrets]) {
    const base64 = Buffer.from(secret).toString('base64');
    for (const Authorization of [`Token ${secret}x`, `Bearer ${secret}`, `Token ${base64}`])
      await fetch(`${hub.url}/ocpi/2.2.1/receiver/locations`, { headers: { Authorization } });
  }
}

async function withoutDatabase(): Promise<void> {
  await database.kill();
  await put(5).catch(() => undefined);
  await admin('GET', '/feed');
  await database.restart();
  await eventually(async () => (await fetch(`${hub.url}/health/ready`)).ok, 'the hub ready again');
}

/** What a start says that is refused. */
async function refusal(at: string, env: Record<string, string> = {}): Promise<string> {
  return startHubProcess({ url: at }, { ...SETTINGS, ...env }).then(
    (started) => started.kill().then(() => 'it started'),
    (error: Error) => error.message,
  );
}

test('a run full of faults shows no token, key or password, neither plain nor in Base64', async () => {
  await failingHandshakes();
  await join(cpo);
  await join(emsp);
  await failingPushes();
  await strangers();
  await withoutDatabase();
  await hub.stop();
  const refused = [
    await refusal(url, { SECRET_KEY: `${SECRET_KEY}-other` }),
    await refusal(url.replace(/[^/]+$/, 'absent')),
    await refusal(url.replace('postgresql', 'mysql')),
  ];
  expect(refused.join()).toMatch(/setting SECRET_KEY.+setting DATABASE_URL.+"absent".+setting DATABASE_URL/s);

  const all = hub.output() + refused.join();
  expect(secrets.size).toBeGreaterThan(8); // three settings, token A of each invitation, B and C of each handshake
  const shown = [...secrets].flatMap((secret) =>
    [secret, Buffer.from(secret).toString('base64')].filter((form) => all.includes(form)),
  );
  expect(shown.map((form) => all.slice(all.indexOf(form) - 300, all.indexOf(form)))).toEqual([]);
});
