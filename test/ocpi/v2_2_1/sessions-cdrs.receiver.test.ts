import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import { cdr, push, session, startThree, type Fields, type Network } from '../../support/network';

let network: Network;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;
let other: SimulatedPlatform;

beforeAll(async () => {
  ({ network, cpo, emsp, other } = await startThree());
});
afterAll(() => network.stop());

const period = (n: number, volume = n): Fields => ({
  start_date_time: `2026-01-01T00:0${n}:00Z`,
  dimensions: [{ type: 'ENERGY', volume }],
});

describe('sessions', () => {
  const put = (id: string, body: Fields): ReturnType<typeof push> =>
    push(cpo, { method: 'PUT', module: 'sessions', path: `/BE/BEC/${id}` }, body);
  const patch = (id: string, body: Fields): ReturnType<typeof push> =>
    push(cpo, { method: 'PATCH', module: 'sessions', path: `/BE/BEC/${id}` }, body);
  const get = async (id: string): Promise<Fields> =>
    (
      await cpo.send({
        method: 'GET',
        module: 'sessions',
        interface: 'RECEIVER',
        path: `/BE/BEC/${id}`,
        to: 'hub',
      })
    ).data as Fields;

  test('PATCH appends charging_periods, one that is there is not doubled, null and [] change nothing; PUT replaces', async () => {
    await put('S1', session('S1', { charging_periods: [period(1)] }));
    await patch('S1', {
      charging_periods: [period(1), period(2)],
      kwh: 2,
      last_updated: '2026-01-01T00:10:00Z',
    });
    await patch('S1', { charging_periods: null, last_updated: '2026-01-01T00:11:00Z' });
    await patch('S1', { charging_periods: [], last_updated: '2026-01-01T00:12:00Z' });
    expect(await get('S1')).toMatchObject({ kwh: 2, charging_periods: [period(1), period(2)] });
    await put('S1', session('S1', { charging_periods: [period(3)], last_updated: '2026-01-01T00:13:00Z' }));
    expect(await get('S1')).toMatchObject({ charging_periods: [period(3)] });
  });

  test('PATCH of an unknown session: 404 with 2001; without last_updated: 2001', async () => {
    const unknown = await patch('NONE', { kwh: 1, last_updated: '2026-01-01T00:10:00Z' });
    expect([unknown.http, unknown.status]).toEqual([404, 2001]);
    expect((await patch('S1', { kwh: 1 })).http).toBe(200);
    expect((await patch('S1', { kwh: 1 })).status).toBe(2001);
  });

  test('of a cdr_token that nobody owns: 4001, nothing stored', async () => {
    const cdr_token = { country_code: 'XX', party_id: 'XXX', uid: '1', type: 'RFID', contract_id: 'C' };
    const answer = await put('S2', session('S2', { cdr_token }));
    expect([answer.http, answer.status]).toEqual([200, 4001]);
    expect(await get('S2')).toBeUndefined();
  });

  test('are listed to the owner of their cdr_token and to their CPO, to nobody else', async () => {
    const ids = async (who: SimulatedPlatform): Promise<unknown[]> =>
      (await who.listAll('sessions')).objects.map((o) => o.id);
    expect(await ids(emsp)).toEqual(['S1']);
    expect(await ids(cpo)).toEqual(['S1']);
    expect(await ids(other)).toEqual([]);
  });

  test('have no deeper path and no GET of one on the Sender interface', async () => {
    const deep = await push(
      cpo,
      { method: 'PATCH', module: 'sessions', path: '/BE/BEC/S1/charging_periods' },
      {},
    );
    const one = await emsp.send({
      method: 'GET',
      module: 'sessions',
      interface: 'SENDER',
      path: '/S1',
      to: 'hub',
    });
    expect([deep.http, one.http]).toEqual([404, 404]);
  });
});

describe('CDRs', () => {
  const post = (body: Fields): ReturnType<typeof push> =>
    push(cpo, { method: 'POST', module: 'cdrs', path: '' }, body);

  test('are answered 201 with a Location that the CPO alone can get', async () => {
    const answer = await post(cdr('C1'));
    expect(answer.http).toBe(201);
    const location = answer.headers.location ?? '';
    const own = await cpo.sendTo(location, { method: 'GET' });
    expect(own.data).toEqual(cdr('C1'));
    expect((await emsp.sendTo(location, { method: 'GET' })).http).toBe(404);
  });

  test('posted again alike: 200 with the same Location; with other content: 2001', async () => {
    const first = await post(cdr('C2'));
    const reordered = Object.fromEntries(Object.entries(cdr('C2')).reverse());
    const again = await post(reordered);
    expect([again.http, again.headers.location]).toEqual([200, first.headers.location]);
    const saysNoMore = await post(cdr('C2', { remark: null, tariffs: [] }));
    expect([saysNoMore.http, saysNoMore.headers.location]).toEqual([200, first.headers.location]);
    expect(saysNoMore.status).toBe(1000);
    const other = await post(cdr('C2', { total_energy: 11 }));
    expect([other.http, other.status]).toEqual([200, 2001]);
    expect(other.message).toContain('$.id: ');
  });

  test('a Credit CDR needs its reference and may have the longer id', async () => {
    const id = `${'9'.repeat(36)}-C1`;
    expect((await post(cdr(id, { credit: true }))).message).toContain('$.credit_reference_id: ');
    expect((await post(cdr(id, { credit: true, credit_reference_id: 'C1' }))).http).toBe(201);
    expect((await post(cdr(`${'8'.repeat(37)}`))).message).toContain('$.id: ');
  });

  test('of a foreign party, of an unknown cdr_token and with session-only dimensions are refused', async () => {
    const cdr_token = { country_code: 'XX', party_id: 'XXX', uid: '1', type: 'RFID', contract_id: 'C' };
    const charging_periods = [
      { start_date_time: '2026-01-01T00:00:00Z', dimensions: [{ type: 'POWER', volume: 10 }] },
    ];
    expect((await post(cdr('C5', { party_id: 'ZZZ' }))).status).toBe(2001);
    expect((await post(cdr('C5', { cdr_token }))).status).toBe(4001);
    expect((await post(cdr('C5', { charging_periods }))).message).toContain(
      '$.charging_periods[0].dimensions[0].type: ',
    );
  });

  test.each(['PUT', 'PATCH', 'DELETE'] as const)('%s is 405', async (method) => {
    expect(
      (await cpo.send({ method, module: 'cdrs', interface: 'RECEIVER', path: '', to: 'hub' })).http,
    ).toBe(405);
  });
});
