import { Pool } from 'pg';
import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { startHubProcess, type HubProcess } from '../support/hub-process';
import { adminOf, joinHub } from '../support/hub-processes';
import {
  awaiting,
  CPO,
  EMSP,
  EMSP2,
  eventually,
  location,
  party,
  push,
  startTwo,
  type Joined,
  type Network,
} from '../support/network';
import { testDatabase } from '../support/test-database';

interface Info {
  country_code: string;
  party_id: string;
  role: string;
  status: string;
  last_updated: string;
}

const infoOf = (platform: SimulatedPlatform, key: string): Info | undefined =>
  platform.clientInfo.get(`hubclientinfo/${key}`) as Info | undefined;
const statusAt = (platform: SimulatedPlatform, key: string): string | undefined =>
  infoOf(platform, key)?.status;
/** What was pushed to it, in order: "PARTY ROLE STATUS". */
const pushed = (platform: SimulatedPlatform): string[] =>
  platform.receivedClientInfo.map(({ json }) => {
    const { party_id, role, status } = json as unknown as Info;
    return `${party_id} ${role} ${status}`;
  });
const shows = (platform: SimulatedPlatform, key: string, status: string): Promise<void> =>
  eventually(() => statusAt(platform, key) === status, `${key} ${status} at ${platform.name}`);

describe('pushes of ClientInfo', () => {
  let network: Network;
  let cpo: Joined;
  let emsp: Joined;

  beforeEach(async () => {
    ({ network, cpo, emsp } = await startTwo());
    await shows(cpo, 'NL/TNM/EMSP', 'CONNECTED');
  });
  afterEach(() => network.stop());

  const admin = (path: string): Promise<unknown> => network.hub.admin('POST', path);

  test('a party that appears is pushed to those who were there, as GET shows it, and not to itself', async () => {
    const put = cpo.receivedClientInfo[0];
    expect(`${put?.method} ${put?.segments.join('/')}`).toBe('PUT NL/TNM');
    expect(Object.keys(put?.headers ?? {}).filter((name) => name.startsWith('ocpi-'))).toEqual([]);
    expect(put?.headers['x-correlation-id']).toBeDefined();
    const listed = await cpo.send({
      method: 'GET',
      module: 'hubclientinfo',
      interface: 'SENDER',
      from: null,
    });
    expect([put?.json]).toEqual(listed.data);
    expect(emsp.receivedClientInfo).toEqual([]); // it joined last: it lists what was there
    await network.join({ parties: [EMSP2] });
    await shows(emsp, 'DE/DEM/EMSP', 'CONNECTED');
    expect(pushed(emsp)).toEqual(['DEM EMSP CONNECTED']);
    expect(pushed(cpo)).toEqual(['TNM EMSP CONNECTED', 'DEM EMSP CONNECTED']);
  });

  test('of a party with two roles the one that changed is pushed alone; the other keeps its last_updated', async () => {
    const both = [party('CPO', 'FR', 'TWO'), party('EMSP', 'FR', 'TWO')];
    const two = await network.join({ parties: both });
    await shows(emsp, 'FR/TWO/EMSP', 'CONNECTED');
    const told = infoOf(emsp, 'FR/TWO/CPO')?.last_updated;
    const listed = async (): Promise<unknown> => {
      const { data } = await emsp.send({
        method: 'GET',
        module: 'hubclientinfo',
        interface: 'SENDER',
        from: null,
      });
      return (data as unknown as Info[]).find(({ role, party_id }) => party_id === 'TWO' && role === 'CPO')
        ?.last_updated;
    };
    await two.updateCredentials({ parties: both.slice(0, 1) });
    await shows(emsp, 'FR/TWO/EMSP', 'SUSPENDED');
    await two.updateCredentials({ parties: both });
    await shows(emsp, 'FR/TWO/EMSP', 'CONNECTED');
    expect(pushed(emsp).slice(2)).toEqual(['TWO EMSP SUSPENDED', 'TWO EMSP CONNECTED']);
    expect(await listed()).toBe(told);
    await two.updateCredentials({ parties: [party('CPO', 'FR', 'ONE')] });
    await shows(emsp, 'FR/TWO/EMSP', 'SUSPENDED');
    await shows(emsp, 'FR/ONE/CPO', 'CONNECTED');
    await network.hub.admin('DELETE', `/partners/${two.partnerId}/parties/FR/TWO`);
    await network.join({ parties: [party('CPO', 'FR', 'TWO')] });
    await shows(emsp, 'FR/TWO/CPO', 'CONNECTED');
    expect(pushed(emsp).slice(4).sort()).toEqual([
      ...['ONE CPO CONNECTED', 'TWO CPO CONNECTED', 'TWO CPO SUSPENDED', 'TWO EMSP SUSPENDED'],
    ]);
  });

  test('what a process of the release before writes, which knows no times of roles, is pushed as well, and the way back', async () => {
    const { connection } = network.hub;
    const pool = new Pool('url' in connection ? { connectionString: connection.url } : connection);
    const before = (status: string): Promise<unknown> =>
      pool.query(
        `with raised as (update registry_version set version = version + 1 returning version), stamped as (
           update party p set status = $1, info_version = raised.version,
                  last_updated = date_trunc('milliseconds', clock_timestamp())
             from raised where p.party_id = 'BEC')
         select pg_notify('registry', version::text) from raised`,
        [status],
      );
    for (const status of ['OFFLINE', 'CONNECTED', 'OFFLINE']) {
      await before(status);
      await shows(emsp, 'BE/BEC/CPO', status);
    }
    await cpo.updateCredentials();
    await shows(emsp, 'BE/BEC/CPO', 'CONNECTED');
    await pool.end();
  });

  test('PLANNED, CONNECTED and SUSPENDED are pushed as they come, for each role of a party to one URL', async () => {
    const both = [party('CPO', 'FR', 'TWO'), party('EMSP', 'FR', 'TWO')];
    const { token_a } = await network.hub.partner('later', {
      parties: both.map(({ role, country_code, party_id }) => ({ role, country_code, party_id })),
    });
    await shows(emsp, 'FR/TWO/EMSP', 'PLANNED');
    const later = await new SimulatedPlatform({ parties: both }).start();
    await later.register(network.hub.versionsUrl, token_a);
    await shows(emsp, 'FR/TWO/EMSP', 'CONNECTED');
    await later.unregister();
    await shows(emsp, 'FR/TWO/EMSP', 'SUSPENDED');
    expect(pushed(emsp)).toEqual(
      ['PLANNED', 'CONNECTED', 'SUSPENDED'].flatMap((state) => [`TWO CPO ${state}`, `TWO EMSP ${state}`]),
    );
    expect(emsp.receivedClientInfo.every((r) => r.segments.join('/') === 'FR/TWO')).toBe(true);
    expect(later.receivedClientInfo).toEqual([]);
    await later.stop();
  });

  test('a role that a party gives up is SUSPENDED, in the list too', async () => {
    const two = await network.join({ parties: [party('CPO', 'FR', 'TWO'), party('EMSP', 'FR', 'TWO')] });
    await shows(emsp, 'FR/TWO/CPO', 'CONNECTED');
    await two.updateCredentials({ parties: [party('EMSP', 'FR', 'TWO')] });
    await shows(emsp, 'FR/TWO/CPO', 'SUSPENDED');
    expect(statusAt(emsp, 'FR/TWO/EMSP')).toBe('CONNECTED');
    const { data } = await emsp.send({
      method: 'GET',
      module: 'hubclientinfo',
      interface: 'SENDER',
      from: null,
    });
    expect((data as unknown as Info[]).map((i) => `${i.party_id} ${i.role} ${i.status}`)).toEqual([
      'BEC CPO CONNECTED',
      'TWO CPO SUSPENDED',
      'TWO EMSP CONNECTED',
    ]);
  });

  test('a partner that was down gets the latest state of each once', async () => {
    await emsp.down();
    await admin(`/partners/${cpo.partnerId}/suspend`);
    await admin(`/partners/${cpo.partnerId}/resume`);
    await admin(`/partners/${cpo.partnerId}/suspend`);
    await network.join({ parties: [EMSP2] });
    await emsp.up();
    await shows(emsp, 'DE/DEM/EMSP', 'CONNECTED');
    await shows(emsp, 'BE/BEC/CPO', 'SUSPENDED');
    expect(pushed(emsp).sort()).toEqual(['BEC CPO SUSPENDED', 'DEM EMSP CONNECTED']);
  });

  test('what it refuses is not repeated; what fails is, and holds back no other', async () => {
    let fitCame = false;
    emsp.behaviour = (r) => {
      if (r.module !== 'hubclientinfo') return undefined;
      if (r.path.endsWith('/REF')) return { http: 200, status_code: 2001 };
      fitCame ||= r.path.endsWith('/FIT');
      return r.path.endsWith('/ILL') && !fitCame ? { http: 500, body: 'oops' } : undefined;
    };
    for (const id of ['REF', 'ILL', 'FIT']) await network.join({ parties: [party('CPO', 'FR', id)] });
    await shows(emsp, 'FR/ILL/CPO', 'CONNECTED');
    await shows(emsp, 'FR/FIT/CPO', 'CONNECTED');
    const words = pushed(emsp).map((word) => word.split(' ')[0]);
    expect(words.filter((id) => id === 'REF')).toHaveLength(1);
    expect(words.filter((id) => id === 'FIT')).toHaveLength(1);
    expect(words.indexOf('ILL')).toBeLessThan(words.indexOf('FIT'));
    expect(words.lastIndexOf('ILL')).toBeGreaterThan(words.indexOf('FIT'));
    await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, location('L1'));
    await emsp.waitFor((p) => p.stored.size === 1, awaiting('a location'));
  });

  test('a suspended partner gets what changed when it is resumed; one without the module gets nothing', async () => {
    const poor = await network.join({
      parties: [party('EMSP', 'FR', 'PRR')],
      offered: [{ identifier: 'locations', role: 'RECEIVER' }],
    });
    await admin(`/partners/${emsp.partnerId}/suspend`);
    await network.join({ parties: [EMSP2] });
    await shows(cpo, 'DE/DEM/EMSP', 'CONNECTED');
    expect(pushed(emsp)).toEqual(['PRR EMSP CONNECTED']);
    await admin(`/partners/${emsp.partnerId}/resume`);
    await shows(emsp, 'DE/DEM/EMSP', 'CONNECTED');
    expect(poor.receivedClientInfo).toEqual([]);
    await poor.updateCredentials({
      offered: [...poor.offered, { identifier: 'hubclientinfo', role: 'RECEIVER' }],
    });
    await admin(`/partners/${cpo.partnerId}/suspend`);
    await shows(poor, 'BE/BEC/CPO', 'SUSPENDED');
    expect(pushed(poor)).toEqual(['BEC CPO SUSPENDED']);
  });
});

describe('several processes and restarts', () => {
  const hubs: HubProcess[] = [];
  const platforms: SimulatedPlatform[] = [];

  afterEach(async () => {
    await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
    await Promise.all(platforms.splice(0).map((platform) => platform.stop()));
  });

  async function join(hub: HubProcess, ...parties: (typeof CPO)[]): Promise<Joined> {
    const platform = await new SimulatedPlatform({ parties }).start();
    platforms.push(platform);
    return Object.assign(platform, { partnerId: await joinHub(hub, platform) });
  }

  const RETRY = { RETRY_MIN_MS: '50', RETRY_MAX_MS: '200' };

  test('two hubs push each change once, and a restart after a kill -9 loses none and repeats none', async () => {
    const database = await testDatabase();
    const start = async (): Promise<HubProcess> => {
      const hub = await startHubProcess(database, RETRY);
      hubs.push(hub);
      return hub;
    };
    const [a, b] = [await start(), await start()];
    const cpo = await join(a, CPO);
    const emsp = await join(b, EMSP);
    for (let n = 0; n < 10; n++) await join(n % 2 ? a : b, party('CPO', 'FR', `N${n}`));
    await shows(cpo, 'FR/N9/CPO', 'CONNECTED');
    await shows(emsp, 'FR/N9/CPO', 'CONNECTED');
    const added = Array.from({ length: 10 }, (_, n) => `N${n} CPO CONNECTED`);
    expect(pushed(cpo)).toEqual(['TNM EMSP CONNECTED', ...added]);
    expect(pushed(emsp)).toEqual(added);
    await emsp.down();
    await adminOf(a, 'POST', `/partners/${cpo.partnerId}/suspend`);
    await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
    await emsp.up();
    await start();
    await eventually(() => statusAt(emsp, 'BE/BEC/CPO') === 'SUSPENDED', 'the change of before');
    expect(pushed(emsp)).toEqual([...added, 'BEC CPO SUSPENDED']);
  });
});
