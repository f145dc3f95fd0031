import { at, generateLocations, SimulatedCpo, SimulatedEmsp, SimulatedPlatform } from '../../src/simulator';
import { awaiting } from '../support/wait';

const NL_ABC = { role: 'CPO' as const, country_code: 'NL', party_id: 'ABC', name: 'ABC BV' };
const running: SimulatedPlatform[] = [];

async function started<P extends SimulatedPlatform>(platform: P): Promise<P> {
  running.push(platform);
  await platform.start();
  return platform;
}

/** A CPO registered at a platform that plays the hub. */
async function pair(): Promise<{ hub: SimulatedPlatform; cpo: SimulatedCpo }> {
  const hub = await started(
    new SimulatedPlatform({ parties: [{ role: 'HUB', country_code: 'NL', party_id: 'HUB', name: 'Hub' }] }),
  );
  const cpo = await started(new SimulatedCpo({ parties: [NL_ABC], pageLimit: 2 }));
  const { versionsUrl, tokenA } = hub.invite();
  await cpo.register(versionsUrl, tokenA);
  return { hub, cpo };
}

const locations = (count: number) => generateLocations({ seed: 1, count, party: NL_ABC });
const getAll = { method: 'GET', module: 'locations', interface: 'SENDER' } as const;

afterEach(async () => {
  await Promise.all(running.splice(0).map((platform) => platform.stop()));
});

describe('the handshake between two simulated platforms', () => {
  it('gives both a token that works and ends token A', async () => {
    const { hub, cpo } = await pair();
    expect((await cpo.send(getAll)).http).toBe(200);
    expect((await hub.send(getAll)).http).toBe(200);
    expect(cpo.peer.parties).toEqual([{ role: 'HUB', country_code: 'NL', party_id: 'HUB' }]);
    const emsp = await started(new SimulatedEmsp({ parties: [{ ...NL_ABC, role: 'EMSP' }] }));
    await expect(emsp.register(hub.versionsUrl, 'wrong')).rejects.toThrow('GET versions: HTTP 401');
  });

  it('replaces tokens and parties with PUT and ends with DELETE', async () => {
    const { hub, cpo } = await pair();
    const old = cpo.peer.token;
    await cpo.updateCredentials({ parties: [NL_ABC, { ...NL_ABC, party_id: 'DEF' }] });
    expect(hub.peer.parties.map((party) => party.party_id)).toEqual(['ABC', 'DEF']);
    expect((await cpo.send({ ...getAll, token: old })).http).toBe(401);
    await cpo.unregister();
    expect([hub.isRegistered, cpo.isRegistered]).toEqual([false, false]);
  });
});

describe('what a simulated platform stores', () => {
  it('is what was pushed, with an EVSE merged into its location and the time of the parent raised', async () => {
    const { hub, cpo } = await pair();
    const [location] = locations(1);
    await cpo.pushLocations([location!]);
    const now = '2026-02-01T00:00:00Z';
    expect((await cpo.setStatus(location!, 'loc1-1', { status: 'BLOCKED', now })).accepted).toBe(true);
    expect(hub.stored.get('locations/NL/ABC/LOC1')).toEqual(cpo.owned.get('locations/NL/ABC/LOC1'));
    expect(at(hub.stored.get('locations/NL/ABC/LOC1'), 'last_updated')).toBe(now);
    expect(hub.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /ocpi/2.2.1/receiver/locations/NL/ABC/LOC1',
      'PATCH /ocpi/2.2.1/receiver/locations/NL/ABC/LOC1/loc1-1',
    ]);
  });

  it('refuses an EVSE of a location that it does not have', async () => {
    const { cpo } = await pair();
    const { answer } = await cpo.setStatus(locations(1)[0]!, 'LOC1-1', { status: 'BLOCKED', now: 'x' });
    expect([answer.http, answer.status]).toEqual([404, 2003]);
  });

  it('is listed by its owner page by page, with the dates filtered', async () => {
    const { hub, cpo } = await pair();
    await cpo.pushLocations(locations(5));
    const listed = await hub.listAll('locations', {}, { to: NL_ABC });
    expect(listed.objects).toEqual(locations(5).map((location) => JSON.parse(JSON.stringify(location))));
    expect(listed.totals).toEqual([5, 5, 5]);
    const later = await hub.listAll('locations', { date_from: '2026-01-02T00:00:00Z' }, { to: NL_ABC });
    expect(later.totals).toEqual([0]);
  });
});

describe('a simulated platform that misbehaves', () => {
  it('answers what it is told to, and stores only what it would have', async () => {
    const { hub, cpo } = await pair();
    hub.behaviour = () => ({ http: 500, body: '<html>' });
    expect(await cpo.send(getAll)).toMatchObject({ http: 500, text: '<html>' });
    hub.behaviour = ({ method }) => (method === 'PUT' ? { status_code: 3000 } : undefined);
    expect((await cpo.pushLocations(locations(1)))[0]).toMatchObject({ accepted: false });
    hub.behaviour = () => ({ reset: true, handle: true });
    await expect(cpo.pushLocations(locations(1))).rejects.toThrow(/hang up|ECONNRESET/);
    expect(hub.stored.size).toBe(1);
  });

  it('never answers, or drips, until the caller gives up', async () => {
    const { hub, cpo } = await pair();
    hub.behaviour = () => ({ hang: true });
    await expect(cpo.send({ ...getAll, timeoutMs: 50 })).rejects.toThrow('within 50 ms');
    hub.behaviour = () => ({ drip: 5 });
    await expect(cpo.send({ ...getAll, timeoutMs: 50 })).rejects.toThrow('within 50 ms');
  });

  it('answers only after what it waits for', async () => {
    const { hub, cpo } = await pair();
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    hub.behaviour = () => ({ until });
    const pushing = cpo.pushLocations(locations(1));
    await hub.waitFor(({ received }) => received.length === 1, awaiting('push'));
    expect(hub.stored.size).toBe(0);
    release();
    expect((await pushing)[0]?.accepted).toBe(true);
  });

  it('is gone while down and back on the same port', async () => {
    const { hub, cpo } = await pair();
    await hub.down();
    await expect(cpo.send(getAll)).rejects.toThrow(/ECONNREFUSED|hang up|ECONNRESET/);
    await hub.up();
    expect((await cpo.send(getAll)).http).toBe(200);
  });

  it('says what it waited for in vain', async () => {
    const { hub } = await pair();
    const waiting = hub.waitFor(() => false, { timeoutMs: 10, what: 'second push' });
    await expect(waiting).rejects.toThrow('no second push within 10 ms; 0 requests so far');
  });
});
