import pino from 'pino';
import type { Loose } from '../support/handshake-platform';
import type { JsonObject } from '../../src/simulator/json';
import { GapJob } from '../../src/sync/gaps/gap-job';
import {
  cdr,
  CPO,
  EMSP,
  EMSP2,
  eventually,
  party,
  push,
  session,
  startNetwork,
  type Fields,
  type Joined,
  type Network,
} from '../support/network';

let network: Network;
let cpo: Joined;

const CPO2 = party('CPO', 'FR', 'FRC');

beforeEach(async () => {
  network = await startNetwork();
  cpo = await network.join({ parties: [CPO, CPO2] });
  await network.join({ parties: [EMSP] });
  await network.join({ parties: [EMSP2] });
});

afterEach(() => network.stop());

const ENDED = {
  status: 'COMPLETED',
  kwh: 12.5,
  end_date_time: '2026-01-01T01:00:00Z',
  last_updated: '2026-01-01T01:00:00Z',
};

async function put(id: string, fields: Fields): Promise<void> {
  const answer = await push(
    cpo,
    { method: 'PUT', module: 'sessions', path: `/BE/BEC/${id}` },
    session(id, fields),
  );
  expect(answer.status).toBe(1000);
}

async function post(id: string, fields: Fields): Promise<void> {
  const answer = await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr(id, fields));
  expect(answer.status).toBe(1000);
}

async function gaps(query = ''): Promise<Loose> {
  const { http, json } = await network.hub.admin('GET', `/gaps${query}`);
  expect([http, json.complete]).toEqual([200, true]);
  return json;
}

const toJson = (fields: Fields): JsonObject => JSON.parse(JSON.stringify(fields)) as JsonObject;

const idsOf = (side: Loose): string[] => side.examples.map((e: Fields) => String(e.id));

test('a session that ended without a CDR is a gap, an open or invalid one is none, nor one with its CDR', async () => {
  await put('S1', ENDED);
  await put('S2', {});
  await put('S3', { ...ENDED, status: 'INVALID' });
  await put('S4', ENDED);
  await post('C4', { session_id: 's4' });
  await put('S5', { end_date_time: '2026-01-02T00:00:00Z', kwh: 1 });
  const report = await gaps();
  expect(report).toMatchObject({
    older_than_s: 48 * 3600,
    sums: { sessions_without_cdr: { count: 2, kwh: 13.5 }, cdrs_without_session: { count: 0 } },
  });
  expect(report.pairs).toHaveLength(1);
  const [pair] = report.pairs;
  expect(pair).toMatchObject({ cpo: 'BE/BEC', emsp: 'NL/TNM' });
  expect(idsOf(pair.sessions_without_cdr)).toEqual(['S1', 'S5']);
  expect(pair.sessions_without_cdr).toMatchObject({
    count: 2,
    kwh: 13.5,
    oldest: '2026-01-01T01:00:00.000Z',
    examples: [{ id: 'S1', ended_at: '2026-01-01T01:00:00.000Z', kwh: 12.5 }, { id: 'S5' }],
  });
});

test('a gap closes when the CDR comes, and opens when an open session ends, also after it was read', async () => {
  await put('S1', ENDED);
  await put('S2', {});
  expect((await gaps()).sums.sessions_without_cdr.count).toBe(1);
  await post('C1', { session_id: 'S1' });
  const patch = { status: 'COMPLETED', last_updated: '2026-01-01T02:00:00Z' };
  await push(cpo, { method: 'PATCH', module: 'sessions', path: '/BE/BEC/S2' }, patch);
  const report = await gaps();
  expect(idsOf(report.pairs[0].sessions_without_cdr)).toEqual(['S2']);
  await post('C2', { session_id: 'S2' });
  expect(await gaps()).toMatchObject({ pairs: [], sums: { sessions_without_cdr: { count: 0, kwh: 0 } } });
});

test('a CDR whose session never came is a gap until it does; a CDR of another CPO does not fit', async () => {
  await put('S1', ENDED);
  const foreign = cdr('C1', { country_code: 'FR', party_id: 'FRC', session_id: 'S1' });
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, foreign);
  await post('C2', { session_id: 'S2', total_energy: 3 });
  const report = await gaps();
  expect(report.sums).toMatchObject({
    sessions_without_cdr: { count: 1, kwh: 12.5 },
    cdrs_without_session: { count: 2, kwh: 13 },
    cdrs_not_linked: 0,
  });
  const french = report.pairs.find((p: Fields) => p.cpo === 'FR/FRC');
  expect(french.cdrs_without_session.examples).toMatchObject([{ id: 'C1', session_id: 'S1' }]);
  await put('S2', ENDED);
  expect((await gaps()).sums.cdrs_without_session).toEqual({ count: 1, kwh: 10 });
});

test('a credit CDR is not the CDR of its session, and no gap itself', async () => {
  await put('S1', ENDED);
  await post('C1', { session_id: 'S1', credit: true, credit_reference_id: 'C0' });
  const { sums } = await gaps();
  expect(sums).toMatchObject({ sessions_without_cdr: { count: 1 }, cdrs_without_session: { count: 0 } });
});

test('a CDR without session_id fits by an authorization_reference that is that of one session alone', async () => {
  await put('S1', { ...ENDED, authorization_reference: 'REF1' });
  await put('S2', { ...ENDED, authorization_reference: 'REF2' });
  await put('S3', { ...ENDED, authorization_reference: 'REF2' });
  await post('C1', { authorization_reference: 'ref1' });
  await post('C2', { authorization_reference: 'REF2' });
  await post('C3', {});
  const report = await gaps();
  expect(idsOf(report.pairs[0].sessions_without_cdr).sort()).toEqual(['S2', 'S3']);
  expect(report.sums).toMatchObject({ cdrs_without_session: { count: 0 }, cdrs_not_linked: 2 });
});

test('only what ended long enough ago counts', async () => {
  const end_date_time = new Date(Date.now() - 3600_000).toISOString();
  await put('S1', { ...ENDED, end_date_time, last_updated: end_date_time });
  expect((await gaps()).pairs).toEqual([]);
  expect((await gaps('?older_than_s=60')).sums.sessions_without_cdr.count).toBe(1);
  for (const wrong of ['-1', 'x', '1.5', '']) {
    expect((await network.hub.admin('GET', `/gaps?older_than_s=${wrong}`)).http).toBe(400);
  }
});

test('each pair is told apart, with up to 100 examples, and the sums are over all', async () => {
  const other = { country_code: 'DE', party_id: 'DEM', uid: '9', type: 'RFID', contract_id: 'DE-DEM-1' };
  await Promise.all(Array.from({ length: 120 }, (_, i) => put(`S${i}`, ENDED)));
  await put('T1', { ...ENDED, cdr_token: other });
  const report = await gaps();
  expect(report.pairs.map((p: Fields) => [p.cpo, p.emsp])).toEqual([
    ['BE/BEC', 'NL/TNM'],
    ['BE/BEC', 'DE/DEM'],
  ]);
  expect(report.pairs[0].sessions_without_cdr.count).toBe(120);
  expect(report.pairs[0].sessions_without_cdr.examples).toHaveLength(100);
  expect(report.sums.sessions_without_cdr).toEqual({ count: 121, kwh: 121 * 12.5 });
});

test('an ended session that becomes invalid is no gap any more at the next look at ended ones', async () => {
  await put('S1', ENDED);
  expect((await gaps()).sums.sessions_without_cdr.count).toBe(1);
  await put('S1', { ...ENDED, status: 'INVALID', last_updated: '2026-01-03T00:00:00Z' });
  await network.hub.context.database.pool.query('update gap_progress set ended_read_at = null');
  expect((await gaps()).pairs).toEqual([]);
});

test('two reports at once and a worker at work agree, and nothing is counted twice', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => put(`S${i}`, ENDED)));
  await Promise.all(Array.from({ length: 20 }, (_, i) => post(`C${i}`, { session_id: `S${i}` })));
  const { gaps: finder } = network.hub.context;
  await Promise.all(Array.from({ length: 4 }, () => finder.refresh({ pages: 20 })));
  expect((await gaps()).sums.sessions_without_cdr.count).toBe(20);
});

test('what is missing is asked for once, of its platform, from the end of the oldest on', async () => {
  await put('S1', ENDED);
  await post('C2', { session_id: 'S2' });
  const asked: unknown[][] = [];
  const requestPull = async (...request: [{ id: string }, { identifier: string }, Date]): Promise<void> => {
    asked.push([request[0].id, request[1].identifier, request[2].toISOString()]);
  };
  const job = new GapJob({
    gaps: network.hub.context.gaps,
    gapAfterHours: 48,
    log: pino({ level: 'silent' }),
    requestPull,
  });
  await eventually(() => job.turn(), 'the job had its turn');
  await job.turn();
  expect(asked).toEqual([
    [cpo.partnerId, 'cdrs', '2025-12-31T01:00:00.000Z'],
    [cpo.partnerId, 'sessions', '2025-12-31T01:00:00.000Z'],
  ]);
});

test('a CDR that is missing at the hub is pulled from its CPO', async () => {
  await put('S1', ENDED);
  cpo.owned.set('cdrs/BE/BEC/C1', toJson(cdr('C1', { session_id: 'S1' })));
  const { gaps: finder, requestPull } = network.hub.context;
  const job = new GapJob({ gaps: finder, gapAfterHours: 48, log: pino({ level: 'silent' }), requestPull });
  await eventually(() => job.turn(), 'the job had its turn');
  await eventually(async () => (await gaps()).sums.sessions_without_cdr.count === 0, 'the CDR is here');
});
