import { asObject, SimulatedPlatform, type Outcome } from '../../src/simulator';
import { BE_MSP, NL_CPO, pair, routingOf, stopAll } from './pair';
import { awaiting } from '../support/wait';

afterEach(stopAll);

const status = ({ answer, response }: Outcome) => [answer.http, answer.status, response];

describe('a command to a simulated CPO', () => {
  it('is answered at once, and its result is posted to response_url between the parties swapped', async () => {
    const { cpo, emsp, start } = await pair();
    const outcome = await emsp.startSession(start, { to: NL_CPO, correlationId: 'one-charge' });
    expect(outcome.answer.data).toEqual({ result: 'ACCEPTED', timeout: 30 });
    expect(await outcome.result()).toEqual({ result: 'ACCEPTED' });
    const [result] = outcome.results;
    expect(new URL(outcome.responseUrl).pathname).toBe(result!.path);
    expect(result!.path).toMatch(/\/sender\/commands\/START_SESSION\/[\da-f-]{36}$/);
    const expected = { from: 'NL/CPO', to: 'BE/MSP', correlation: 'one-charge' };
    expect(routingOf(result!.headers)).toEqual(expected);
    expect(result!.headers['x-request-id']).not.toBe(cpo.asked[0]!.request.headers['x-request-id']);
    expect(cpo.asked[0]).toMatchObject({ kind: 'START_SESSION', response: 'ACCEPTED' });
  });

  it('is refused with 2001 where a required field is missing', async () => {
    const { emsp, start } = await pair();
    const { token: _none, ...rest } = start;
    expect((await emsp.startSession(rest)).answer).toMatchObject({ http: 200, status: 2001 });
    const loose = await emsp.startSession({ ...start, evse_uid: undefined });
    expect(loose.answer.message).toBe('$.evse_uid: is required with connector_id');
    const path = ['DANCE'];
    const unknown = { method: 'POST', module: 'commands', interface: 'RECEIVER', path, body: {} } as const;
    expect((await emsp.send(unknown)).http).toBe(404);
  });

  it('that names an unknown location is answered 2003 and REJECTED, an unknown session UNKNOWN_SESSION', async () => {
    const { cpo, emsp, start } = await pair();
    expect(status(await emsp.startSession({ ...start, location_id: 'X' }))).toEqual([200, 2003, 'REJECTED']);
    expect(status(await emsp.stopSession('X'))).toEqual([200, 1000, 'UNKNOWN_SESSION']);
    const place = { location_id: 'LOC1', evse_uid: 'X', connector_id: '1' };
    expect(status(await emsp.unlockConnector(place))).toEqual([200, 1000, 'REJECTED']);
    expect(cpo.asked.map(({ posted }) => posted)).toEqual([[], [], []]);
  });

  it('that stops a session of another eMSP is REJECTED', async () => {
    const { cpo, emsp, location, token } = await pair();
    const others = { ...token, country_code: 'DE' };
    const now = '2026-01-01T00:00:00Z';
    await cpo.startSession({ id: 'S1', location, token: others, now, to: BE_MSP });
    expect(status(await emsp.stopSession('s1'))).toEqual([200, 1000, 'REJECTED']);
  });

  it('that cancels a reservation finds the one of the same eMSP alone', async () => {
    const { emsp, token } = await pair();
    const reservation = {
      token,
      expiry_date: '2026-01-01T01:00:00Z',
      reservation_id: 'R1',
      location_id: 'LOC1',
    };
    expect(await (await emsp.reserveNow(reservation)).result()).toEqual({ result: 'ACCEPTED' });
    const other = { ...BE_MSP, party_id: 'OTH' };
    const asOther = await emsp.cancelReservation('R1', { from: other });
    expect(asOther.response).toBe('ACCEPTED'); // the result goes TO that other party, which is not here
    expect(await (await emsp.cancelReservation('r1')).result()).toEqual({ result: 'ACCEPTED' });
    expect(await (await emsp.cancelReservation('R1')).result()).toEqual({ result: 'UNKNOWN_RESERVATION' });
  });
});

describe('the result of a command', () => {
  it('is held back until a test lets it go', async () => {
    const { cpo, emsp, start } = await pair();
    let release = (): void => undefined;
    cpo.asynchronous.until = new Promise<void>((resolve) => (release = resolve));
    const outcome = await emsp.startSession(start);
    expect(outcome.results).toHaveLength(0);
    release();
    expect(await outcome.result()).toEqual({ result: 'ACCEPTED' });
  });

  it('comes before the answer where the CPO posts it first', async () => {
    const { cpo, emsp, start } = await pair();
    cpo.asynchronous.post = 'before the answer';
    const { answer, results } = await emsp.startSession(start);
    expect(results).toHaveLength(1);
    expect(answer.status).toBe(1000);
  });

  it('is posted by hand: later, twice, another one, from somebody else, or to another URL', async () => {
    const { cpo, emsp, start } = await pair();
    Object.assign(cpo.asynchronous, { post: 'by hand', timeout: 5 });
    const outcome = await emsp.startSession(start);
    const asked = cpo.asked[0]!;
    expect((await asked.post()).status).toBe(1000);
    await asked.post({ result: 'EVSE_OCCUPIED' }, { from: { country_code: 'NL', party_id: 'XYZ' } });
    expect(outcome.results.map(({ json }) => asObject(json)['result'])).toEqual([
      'ACCEPTED',
      'EVSE_OCCUPIED',
    ]);
    expect(routingOf(outcome.results[1]!.headers)['from']).toBe('NL/XYZ');
    const elsewhere = await asked.post(undefined, { url: `${outcome.responseUrl.slice(0, -1)}/x` });
    expect([elsewhere.http, asked.posted.length]).toEqual([404, 3]);
    expect((await asked.post({ result: 'MAYBE' })).status).toBe(2001);
    expect((await asked.post(undefined, { token: 'wrong' })).http).toBe(401);
  });

  it('that nobody takes is an Error among what was posted', async () => {
    const { cpo, emsp, start } = await pair();
    let release = (): void => undefined;
    cpo.asynchronous.until = new Promise<void>((resolve) => (release = resolve));
    await emsp.startSession(start);
    await emsp.down();
    release();
    await cpo.waitFor(({ asked }) => asked[0]?.posted.length === 1, awaiting('post'));
    expect(cpo.asked[0]!.posted[0]).toBeInstanceOf(Error);
  });

  it('and the answer are what a test says they are', async () => {
    const { cpo, emsp, start } = await pair();
    cpo.asynchronous.result = 'EVSE_INOPERATIVE';
    expect(await (await emsp.startSession(start)).result()).toEqual({ result: 'EVSE_INOPERATIVE' });
    cpo.asynchronous.response = 'NOT_SUPPORTED';
    expect((await emsp.startSession(start)).response).toBe('NOT_SUPPORTED');
    expect(cpo.asked[1]!.posted).toEqual([]);
  });
});

it('a platform that is not strict accepts any command that is well-formed and posts nothing by itself', async () => {
  const { emsp, start } = await pair();
  const plain = await new SimulatedPlatform({ parties: [NL_CPO] }).start();
  const { versionsUrl, tokenA } = plain.invite();
  await emsp.register(versionsUrl, tokenA);
  expect((await emsp.startSession({ ...start, location_id: 'ANY' })).response).toBe('ACCEPTED');
  expect((await emsp.stopSession('ANY', { to: { country_code: 'XX', party_id: 'YYY' } })).response).toBe(
    'ACCEPTED',
  );
  expect(plain.asked.map(({ kind, posted }) => [kind, posted.length])).toEqual([
    ['START_SESSION', 0],
    ['STOP_SESSION', 0],
  ]);
  await plain.stop();
});

it('a strict platform refuses a party that it does not host', async () => {
  const { emsp, start } = await pair();
  const { answer } = await emsp.startSession(start, { to: { country_code: 'NL', party_id: 'XYZ' } });
  expect([answer.status, answer.message]).toEqual([2001, 'OCPI-to: NL/XYZ is not here']);
});
