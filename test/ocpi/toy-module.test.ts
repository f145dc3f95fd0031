import { callHub, HandshakePlatform, role, type Answer, type Loose } from '../support/handshake-platform';
import { adminOf, hubProcesses, type HubProcesses } from '../support/hub-processes';
import { startHubProcess, type HubProcess } from '../support/hub-process';
import { eventually } from '../support/network';
import { HubWithToys } from '../support/toy-module';

/* A module is one folder and one line: a hub with one module more serves it like all others. */

const source = new HubWithToys();
let processes: HubProcesses;
let hub: HubProcess;
let cpo: Partner;
let emsp: Partner;

interface Partner {
  platform: HandshakePlatform;
  id: string;
  /** The token under which it calls the hub. */
  token: string;
}

const DONE = { body: { status_code: 1000, timestamp: '2026-01-01T00:00:00Z' } };
const toy = (id: string, fields: object = {}): Loose => ({
  country_code: 'BE',
  party_id: 'BEC',
  id,
  colour: 'red',
  last_updated: '2026-01-01T00:00:00Z',
  ...fields,
});

/** A platform that offers toys, and lists these. */
async function join(roles: object[], listed: object[]): Promise<Partner> {
  const platform = await new HandshakePlatform().start();
  const { base } = platform;
  platform.roles = roles;
  const endpoints = [
    { identifier: 'credentials', role: 'RECEIVER', url: `${base}/credentials` },
    { identifier: 'toys', role: 'SENDER', url: `${base}/toys` },
    { identifier: 'toys', role: 'RECEIVER', url: `${base}/received` },
  ];
  platform.script.set('/2.2.1', () => ({ data: { version: '2.2.1', endpoints } }));
  platform.script.set('/toys', () => ({
    headers: { 'X-Total-Count': String(listed.length), 'X-Limit': '1000' },
    body: { data: listed, ...DONE.body },
  }));
  for (const id of ['T1', 'T2', 'T3', 'P1']) platform.script.set(`/received/BE/BEC/${id}`, () => DONE);
  const { id, token_a } = await adminOf(hub, 'POST', '/partners', { name: String(roles.length) });
  const call = { method: 'POST', token: String(token_a), body: platform.credentials() };
  const { json } = await callHub(`${hub.url}/ocpi/2.2.1/credentials`, call);
  return { platform, id: String(id), token: json.data.token };
}

const at = (path: string): string => `${hub.url}/ocpi/2.2.1/${path}`;

function call(partner: Partner, method: string, path: string, body?: unknown): Promise<Answer> {
  return callHub(at(path), { method, token: partner.token, body });
}

/** The colours of the toys that this partner may see, by id. */
async function listedFor(partner: Partner): Promise<Record<string, string>> {
  const { json } = await call(partner, 'GET', 'sender/toys');
  return Object.fromEntries(json.data.map(({ id, colour }: Loose) => [id, colour]));
}

/** What was sent to a URL of the partner, oldest first. */
const pushed = ({ platform }: Partner, id: string): Loose[] =>
  platform.seen.filter(({ path }) => path === `/received/BE/BEC/${id}`);

beforeAll(async () => {
  processes = await hubProcesses();
  hub = await startHubProcess(processes.database, { RETRY_MIN_MS: '50' }, source.root);
  cpo = await join([role({ country_code: 'BE', party_id: 'BEC' })], [toy('P1', { colour: 'blue' })]);
  emsp = await join([role({ role: 'EMSP', country_code: 'NL', party_id: 'TNM' })], []);
});

afterAll(async () => {
  await hub?.kill();
  await Promise.all([cpo, emsp].map((partner) => partner?.platform.stop()));
  source.remove();
});

test('it compiles', () => {
  expect(source.typecheck()).toBe('');
});

test('its interfaces stand in the version details', async () => {
  const { json } = await call(cpo, 'GET', '');
  const toys = json.data.endpoints.filter(({ identifier }: Loose) => identifier === 'toys');
  expect(toys).toEqual([
    { identifier: 'toys', role: 'SENDER', url: at('sender/toys') },
    { identifier: 'toys', role: 'RECEIVER', url: at('receiver/toys') },
  ]);
});

test('an object is checked by its class, stored, changed and read back', async () => {
  const path = 'receiver/toys/BE/BEC/T1';
  const bad = await call(cpo, 'PUT', path, toy('T1', { colour: 7 }));
  expect([bad.http, bad.json.status_code]).toEqual([200, 2001]);
  expect(bad.json.status_message).toContain('$.colour');
  const missing = await call(cpo, 'GET', path);
  expect([missing.http, missing.json.status_code]).toEqual([404, 2001]);
  expect(missing.json.status_message).toBe('unknown toy: T1');
  expect((await call(cpo, 'PUT', path, toy('T1'))).http).toBe(201);
  const green = { colour: 'green', last_updated: '2026-01-01T00:00:01Z' };
  expect((await call(cpo, 'PATCH', path, green)).http).toBe(200);
  expect((await call(cpo, 'GET', path)).json.data).toEqual(toy('T1', green));
});

test('its objects are listed to those who may see them, and may be pushed by their owners only', async () => {
  await call(cpo, 'PUT', 'receiver/toys/BE/BEC/T3', toy('T3'));
  expect(await listedFor(emsp)).toMatchObject({ T3: 'red' });
  const foreign = await call(emsp, 'PUT', 'receiver/toys/NL/TNM/T9', toy('T9'));
  expect(foreign.json.status_message).toContain('toys may be pushed by CPO');
});

test('an object reaches the receiver, and so does its end', async () => {
  const path = 'receiver/toys/BE/BEC/T2';
  await call(cpo, 'PUT', path, toy('T2'));
  await eventually(() => pushed(emsp, 'T2').length === 1, 'T2 is pushed');
  expect(pushed(emsp, 'T2')[0]).toMatchObject({ method: 'PUT', body: toy('T2') });
  await call(cpo, 'DELETE', path);
  await eventually(() => pushed(emsp, 'T2').length === 2, 'the DELETE is pushed');
  expect(pushed(emsp, 'T2')[1]).toMatchObject({ method: 'DELETE' });
  expect(Object.keys(await listedFor(emsp))).not.toContain('T2');
});

test('its list is pulled of its owner, and passed on', async () => {
  await eventually(async () => (await listedFor(emsp)).P1 === 'blue', 'P1 is pulled');
  await eventually(() => pushed(emsp, 'P1').length > 0, 'P1 is pushed');
  const { items } = await adminOf(hub, 'GET', `/partners/${cpo.id}/pull`);
  expect(items).toMatchObject([{ party: 'BE/BEC', module: 'toys', stored: 1 }]);
});

test('its paths and its class stand in the OpenAPI document', () => {
  const { paths, components } = JSON.parse(source.openapi());
  expect(Object.keys(paths['/ocpi/2.2.1/sender/toys'])).toEqual(['get']);
  const object = paths['/ocpi/2.2.1/receiver/toys/{country_code}/{party_id}/{toy_id}'];
  expect(Object.keys(object).sort()).toEqual(['delete', 'get', 'patch', 'put']);
  const body = object.put.requestBody.content['application/json'].schema;
  expect(body).toEqual({ $ref: '#/components/schemas/Toy' });
  expect(Object.keys(components.schemas.Toy.properties)).toContain('colour');
});
