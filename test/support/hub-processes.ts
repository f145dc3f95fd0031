import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { ADMIN_TOKEN } from './hub';
import { startHubProcess, type HubProcess } from './hub-process';
import type { Fields } from './network';
import { testDatabase } from './test-database';

const SETTINGS = { RETRY_MIN_MS: '50', RETRY_MAX_MS: '200', FORWARD_TIMEOUT_MS: '2000' };

/** Hubs as processes of their own on one database; `end` kills all of them. */
export interface HubProcesses {
  database: { url: string };
  start(env?: Record<string, string>): Promise<HubProcess>;
  end(): Promise<void>;
}

/** On a new database unless there is one. */
export async function hubProcesses(database?: { url: string }): Promise<HubProcesses> {
  const on = database ?? (await testDatabase());
  const hubs: HubProcess[] = [];
  return {
    database: on,
    start: async (env = {}) => {
      const hub = await startHubProcess(on, { ...SETTINGS, ...env });
      hubs.push(hub);
      return hub;
    },
    end: async () => {
      await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
    },
  };
}

/** The admin API of a hub. */
export async function adminOf(hub: HubProcess, method: string, path: string, body?: Fields): Promise<Fields> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${hub.url}/admin/api${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
  });
  return (await response.json()) as Fields;
}

/** Makes a partner of a platform and registers it; answers the partner's id. */
export async function joinHub(hub: HubProcess, platform: SimulatedPlatform): Promise<string> {
  const made = await adminOf(hub, 'POST', '/partners', { name: platform.name });
  await platform.register(`${hub.url}/ocpi/versions`, String(made.token_a));
  return String(made.id);
}

/** The workers that push to receivers, as GET /admin/api/feed says. */
export async function workersOf(hub: HubProcess): Promise<unknown[]> {
  const { items } = await adminOf(hub, 'GET', '/feed');
  return (items as { receivers: { worker: unknown }[] }[]).flatMap((item) =>
    item.receivers.map((receiver) => receiver.worker),
  );
}
