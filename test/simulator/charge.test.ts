import {
  actOnCommands,
  chargeOnce,
  putObject,
  asObjects,
  asText,
  at,
  nextPeriod,
  sessionFor,
  type Exchange,
} from '../../src/simulator';
import { BE_MSP, NL_CPO, pair, stopAll } from './pair';
import { awaiting } from '../support/wait';

afterEach(stopAll);

describe('real-time authorization', () => {
  it('allows a valid token, with the location that was asked about and a reference', async () => {
    const { cpo, emsp, token } = await pair();
    emsp.authorizing.reference = () => 'REF1';
    const location = { location_id: 'LOC1', evse_uids: ['LOC1-1'] };
    const answer = await cpo.authorize(asText(token['uid']), { type: 'RFID', location, to: BE_MSP });
    expect(answer.data).toEqual({ allowed: 'ALLOWED', token, location, authorization_reference: 'REF1' });
    expect((await cpo.authorize(asText(token['uid']))).data).toMatchObject({ allowed: 'ALLOWED', token });
  });

  it('knows no token of another type or uid: 404 with 2004', async () => {
    const { cpo, token } = await pair();
    const other = await cpo.authorize(asText(token['uid']), { type: 'APP_USER' });
    expect([other.http, other.status, other.data]).toEqual([404, 2004, undefined]);
    expect((await cpo.authorize('X')).status).toBe(2004);
  });

  it('is BLOCKED for an invalid token, what its decision says, or 2002 where the location is missing', async () => {
    const { cpo, emsp, token } = await pair();
    const uid = asText(token['uid']);
    emsp.owned.set(`tokens/BE/MSP/RFID/${uid.toUpperCase()}`, { ...token, valid: false });
    expect((await cpo.authorize(uid)).data).toMatchObject({ allowed: 'BLOCKED' });
    emsp.authorizing.allowed = () => 'NO_CREDIT';
    expect((await cpo.authorize(uid, { location: { location_id: 'LOC1' } })).data).toEqual({
      allowed: 'NO_CREDIT',
      token: { ...token, valid: false },
    });
    emsp.authorizing.needsLocation = true;
    expect(await cpo.authorize(uid)).toMatchObject({ http: 200, status: 2002 });
    expect((await cpo.authorize(uid, { location: {} })).status).toBe(2001);
  });
});

describe('a charge between two simulated platforms', () => {
  it('goes from START_SESSION over session, periods and STOP_SESSION to a CDR that can be read', async () => {
    const { cpo, emsp, location, start } = await pair();
    const started = await emsp.startSession({ ...start, authorization_reference: 'REF1' }, { to: NL_CPO });
    await started.result();
    let session = await sessionFor(cpo, cpo.asked[0]!, { id: 'S1', now: '2026-01-01T00:00:00Z' });
    expect(session).toMatchObject({ evse_uid: start['evse_uid'], authorization_reference: 'REF1' });
    const to = BE_MSP;
    for (const [kwh, now] of [
      [1.5, '2026-01-01T00:15:00Z'],
      [4, '2026-01-01T00:30:00Z'],
    ] as const) {
      const charging_periods = [nextPeriod(session, kwh)];
      session = await cpo.updateSession(session, { kwh, charging_periods, now, to });
    }
    expect((await emsp.stopSession('S1', { to: NL_CPO })).response).toBe('ACCEPTED');
    session = await cpo.finishSession(session, { kwh: 4, now: '2026-01-01T01:00:00Z', to });
    expect(emsp.stored.get('sessions/NL/CPO/S1')).toEqual(JSON.parse(JSON.stringify(session)));
    const { cdr, answer } = await cpo.postCdr(session, location, to);
    expect([answer.http, cdr['total_energy'], cdr['total_time']]).toEqual([201, 4, 1]);
    expect(asObjects(cdr['charging_periods']).map((period) => at(period, 'dimensions', 0, 'volume'))).toEqual(
      [1.5, 2.5],
    );
    expect(at(cdr, 'cdr_location', 'connector_id')).toBe(start['connector_id']);
    const read = await cpo.getCdr(answer.headers['location']!, to);
    expect(read.data).toEqual(JSON.parse(JSON.stringify(cdr)));
    expect((await emsp.stopSession('S1')).response).toBe('REJECTED');
  });

  it('runs by itself at a CPO that acts on commands', async () => {
    const { cpo, emsp, start } = await pair();
    const end = actOnCommands(cpo, { everyMs: 10, say: () => undefined });
    await emsp.startSession(start, { to: NL_CPO });
    const period = () => asObjects(at(emsp.holds('sessions')[0], 'charging_periods')).length > 0;
    await emsp.waitFor(period, awaiting('charging period'));
    expect((await emsp.stopSession(asText(emsp.holds('sessions')[0]!['id']))).response).toBe('ACCEPTED');
    await emsp.waitFor(() => emsp.holds('cdrs').length === 1, awaiting('CDR'));
    end();
    const [session, cdr] = [emsp.holds('sessions')[0]!, emsp.holds('cdrs')[0]!];
    expect([session['status'], session['auth_method'], cdr['session_id']]).toEqual([
      'COMPLETED',
      'COMMAND',
      session['id'],
    ]);
    expect(cdr['total_energy']).toBe(session['kwh']);
    expect(asText(cdr['id'])).toHaveLength(36);
  });

  it('runs by itself from both sides, at the first location that was pushed', async () => {
    const { cpo, emsp, location, token } = await pair();
    const end = actOnCommands(cpo, { everyMs: 60_000, say: () => undefined });
    const lines: string[] = [];
    const limits = { forMs: 0, limitMs: 5000, say: (line: string) => void lines.push(line) };
    const charging = chargeOnce(emsp, { token, ...limits });
    await putObject(cpo, 'locations', location, BE_MSP);
    expect(await charging).toMatchObject({ total_energy: 0.25, cdr_token: { uid: token['uid'] } });
    end();
    expect(lines).toEqual(['START_SESSION: ACCEPTED', 'STOP_SESSION: ACCEPTED']);
  });

  it('can be watched from both sides under one correlation id', async () => {
    const { cpo, emsp, start } = await pair();
    const seen: [string, Exchange][] = [];
    cpo.observe = (exchange) => seen.push(['CPO', exchange]);
    emsp.observe = (exchange) => seen.push(['eMSP', exchange]);
    await (await emsp.startSession(start, { correlationId: 'c1' })).result();
    await cpo.waitFor(() => seen.length === 4, awaiting('fourth exchange'));
    const lines = seen.map(([who, { direction, status, headers }]) => {
      return `${who} ${direction} ${headers['x-correlation-id']}: ${status}`;
    });
    expect(lines.sort()).toEqual([
      'CPO received c1: 1000',
      'CPO sent c1: 1000',
      'eMSP received c1: 1000',
      'eMSP sent c1: 1000',
    ]);
  });
});
