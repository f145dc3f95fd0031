import { activeProfile, at, type JsonObject } from '../../src/simulator';
import { BE_MSP, NL_CPO, pair, routingOf, stopAll, type Pair } from './pair';

afterEach(stopAll);

const PROFILE: JsonObject = {
  charging_rate_unit: 'A',
  charging_profile_period: [{ start_period: 0, limit: 16 }],
};

async function withSession(): Promise<Pair> {
  const all = await pair();
  const { cpo, location, token } = all;
  await cpo.startSession({ id: 'S1', location, token, now: '2026-01-01T00:00:00Z', to: BE_MSP });
  return all;
}

describe('the charging profile of a session', () => {
  it('is set, read and cleared, each with its own kind of result', async () => {
    const { emsp } = await withSession();
    const set = await emsp.setProfile('S1', PROFILE, { to: NL_CPO, correlationId: 'c1' });
    expect(set.answer.data).toEqual({ result: 'ACCEPTED', timeout: 30 });
    expect(await set.result()).toEqual({ result: 'ACCEPTED' });
    expect(routingOf(set.results[0]!.headers)).toEqual({ from: 'NL/CPO', to: 'BE/MSP', correlation: 'c1' });
    const read = await (await emsp.getProfile('S1', 900)).result();
    expect(at(read, 'profile', 'charging_profile')).toEqual(PROFILE);
    expect(await (await emsp.clearProfile('S1')).result()).toEqual({ result: 'ACCEPTED' });
    expect(await (await emsp.clearProfile('S1')).result()).toEqual({ result: 'UNKNOWN' });
  });

  it('takes response_url from the query, encoded or not', async () => {
    const { cpo, emsp } = await withSession();
    const asked = [
      await emsp.getProfile('S1', 900, { encoded: true }),
      await emsp.getProfile('S1', 900, { encoded: false }),
      await emsp.clearProfile('S1', { encoded: false }),
    ];
    await Promise.all(asked.map(({ result }) => result()));
    expect(cpo.asked.map(({ responseUrl }) => responseUrl)).toEqual(
      asked.map(({ responseUrl }) => responseUrl),
    );
  });

  it('takes an unencoded response_url with a query of its own', async () => {
    const { cpo, emsp } = await withSession();
    cpo.asynchronous.post = 'by hand';
    const send = (path: string) =>
      emsp.send({ method: 'GET', module: 'chargingprofiles', interface: 'RECEIVER', path });
    await send('S1?response_url=http://a.example/r?x=1&y=2&duration=900');
    await send('S1?duration=900&response_url=http://a.example/r?x=1&y=2');
    await send('S1?response_url=http%3A%2F%2Fa.example%2Fr%3Fx%3D1%26y%3D2&duration=900');
    expect(new Set(cpo.asked.map(({ responseUrl }) => responseUrl))).toEqual(
      new Set(['http://a.example/r?x=1&y=2']),
    );
    expect(cpo.asked).toHaveLength(3);
    expect((await send('S1?duration=900')).status).toBe(2001);
    expect((await send('S1?response_url=http://a.example/r')).message).toMatch(/^duration/);
  });

  it('of an unknown session is answered UNKNOWN_SESSION, one without a unit 2001', async () => {
    const { emsp } = await withSession();
    expect((await emsp.getProfile('S9', 900)).response).toBe('UNKNOWN_SESSION');
    expect((await emsp.setProfile('S1', {})).answer.status).toBe(2001);
  });

  it('that has changed is put to the Sender and kept there', async () => {
    const { cpo, emsp } = await withSession();
    const profile = activeProfile(PROFILE);
    expect((await cpo.putActiveProfile('S1', profile, { to: BE_MSP })).status).toBe(1000);
    expect(emsp.stored.get('chargingprofiles/S1')).toEqual(profile);
    expect((await cpo.putActiveProfile('S1', {})).status).toBe(2001);
  });
});

describe('charging preferences', () => {
  it('are answered with a ChargingPreferencesResponse', async () => {
    const { emsp } = await withSession();
    expect((await emsp.setPreferences('S1', { profile_type: 'GREEN' })).data).toBe('ACCEPTED');
    expect((await emsp.setPreferences('S1', { profile_type: 'X' })).data).toBe('PROFILE_TYPE_NOT_SUPPORTED');
    expect(await emsp.setPreferences('S9', { profile_type: 'FAST' })).toMatchObject({
      http: 404,
      status: 2001,
    });
    expect((await emsp.setPreferences('S1', {})).status).toBe(2001);
  });
});
