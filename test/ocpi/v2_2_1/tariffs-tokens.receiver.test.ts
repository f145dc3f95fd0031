import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import { push, startTwo, tariff, token, type Fields, type Network } from '../../support/network';

let network: Network;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;

beforeAll(async () => {
  ({ network, cpo, emsp } = await startTwo());
});
afterAll(() => network.stop());

const LATER = '2026-06-01T00:00:00Z';

describe('tariffs', () => {
  const at = (id: string): { module: string; path: string } => ({ module: 'tariffs', path: `/BE/BEC/${id}` });
  const put = (id: string, body: Fields): ReturnType<typeof push> =>
    push(cpo, { method: 'PUT', ...at(id) }, body);
  const get = (id: string): ReturnType<typeof push> =>
    cpo.send({ method: 'GET', interface: 'RECEIVER', to: 'hub', ...at(id) });
  const remove = (id: string): ReturnType<typeof push> => push(cpo, { method: 'DELETE', ...at(id) });

  test('are put, replaced, read and deleted', async () => {
    expect((await put('T1', tariff('T1'))).http).toBe(201);
    expect((await put('T1', tariff('T1', { currency: 'USD', last_updated: LATER }))).http).toBe(200);
    expect((await get('T1')).data).toEqual(tariff('T1', { currency: 'USD', last_updated: LATER }));
    const gone = await remove('T1');
    expect([gone.http, gone.status, gone.data]).toEqual([200, 1000, undefined]);
    expect((await get('T1')).http).toBe(404);
    expect((await remove('T1')).http).toBe(404);
  });

  test('come back after their deletion, whatever last_updated says', async () => {
    await put('T2', tariff('T2', { last_updated: LATER }));
    await remove('T2');
    expect((await put('T2', tariff('T2'))).http).toBe(201);
    expect((await get('T2')).data).toEqual(tariff('T2'));
  });

  test('have no PATCH and no POST: 405', async () => {
    const answers = [
      await push(cpo, { method: 'PATCH', ...at('T1') }, {}),
      await push(cpo, { method: 'POST', ...at('T1') }, {}),
    ];
    expect(answers.map((a) => a.http)).toEqual([405, 405]);
  });

  test('without elements, or with another id than the URL, are refused by path', async () => {
    expect((await put('T3', tariff('T3', { elements: [] }))).message).toContain('$.elements: ');
    expect((await put('T3', tariff('T4'))).message).toContain('$.id: ');
    expect((await get('T3')).http).toBe(404);
  });
});

describe('tokens', () => {
  const at = (
    uid: string,
    type?: string,
  ): { module: string; path: string; query?: Record<string, string> } => ({
    module: 'tokens',
    path: `/NL/TNM/${uid}`,
    ...(type === undefined ? {} : { query: { type } }),
  });
  const put = (uid: string, body: Fields, type?: string): ReturnType<typeof push> =>
    push(emsp, { method: 'PUT', ...at(uid, type) }, body);
  const patch = (uid: string, body: Fields, type?: string): ReturnType<typeof push> =>
    push(emsp, { method: 'PATCH', ...at(uid, type) }, body);
  const get = (uid: string, type?: string): ReturnType<typeof push> =>
    emsp.send({ method: 'GET', interface: 'RECEIVER', to: 'hub', ...at(uid, type) });

  test('are told apart by uid and type, RFID where none is named; without ?type= the body counts', async () => {
    await put('U1', token('U1'));
    await put('U1', token('U1', { type: 'APP_USER', issuer: 'App' }));
    expect((await get('U1')).data).toMatchObject({ type: 'RFID', issuer: 'TheNewMotion' });
    expect((await get('U1', 'APP_USER')).data).toMatchObject({ type: 'APP_USER', issuer: 'App' });
    const differs = await put('U1', token('U1'), 'APP_USER');
    expect([differs.status, differs.message]).toEqual([2001, '$.type: must equal type of the URL']);
  });

  test('are merged by PATCH; an unknown one is 404 with 2004', async () => {
    await put('U2', token('U2'));
    expect((await patch('U2', { valid: false, last_updated: LATER })).http).toBe(200);
    expect((await get('U2')).data).toEqual(token('U2', { valid: false, last_updated: LATER }));
    const unknown = await patch('NONE', { valid: false, last_updated: LATER });
    expect([unknown.http, unknown.status]).toEqual([404, 2004]);
    expect((await patch('U2', { valid: true })).status).toBe(2001);
    const missing = await get('NONE');
    expect([missing.http, missing.status]).toEqual([404, 2004]);
  });

  test('of a CPO are refused, and DELETE is 405', async () => {
    const refused = await push(cpo, { method: 'PUT', module: 'tokens', path: '/BE/BEC/U1' }, token('U1'));
    expect([refused.http, refused.status]).toEqual([200, 2001]);
    expect((await push(emsp, { method: 'DELETE', ...at('U1') })).http).toBe(405);
  });
});
