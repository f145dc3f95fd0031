import { setTimeout as pause } from 'node:timers/promises';
import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { startHubProcess, type HubProcess } from '../support/hub-process';
import { adminOf, joinHub } from '../support/hub-processes';
import { CPO, EMSP, EMSP2, eventually, party } from '../support/network';
import { conclude } from './conclude';
import type { Disturbance, Sent } from './history';
import { Load } from './load';
import { Witness } from './witness';

/* Processes of the hub on one database, a CPO that keeps writing, and three eMSPs that get it all. */

/** FAULTS=long: minutes instead of seconds. */
export const LONG = process.env.FAULTS === 'long';

const SETTINGS = {
  RETRY_MIN_MS: '50',
  RETRY_MAX_MS: '1000',
  FORWARD_TIMEOUT_MS: '2000',
  PULL_INTERVAL_S: '86400',
};
const EMSPS = [EMSP, EMSP2, party('EMSP', 'FR', 'ABC')];

export class Scene {
  readonly disturbances: Disturbance[] = [];
  readonly sent: Sent[] = [];
  private readonly hubs = new Map<string, HubProcess>();
  private readonly cpo: SimulatedPlatform;
  readonly witnesses: Witness[];
  private port = '0';

  /** @param url of the database @param modes of the processes by name */
  private constructor(
    private readonly url: string,
    private readonly modes: Record<string, Record<string, string>>,
  ) {
    this.cpo = new SimulatedPlatform({ parties: [CPO] });
    this.witnesses = EMSPS.map((emsp) => new Witness(new SimulatedPlatform({ parties: [emsp] })));
  }

  /** Starts every process and registers everybody. The first process serves the partners. */
  static async start(url: string, modes: Record<string, Record<string, string>>): Promise<Scene> {
    const scene = new Scene(url, modes);
    for (const name of Object.keys(modes)) await scene.restart(name);
    for (const platform of scene.platforms()) {
      await platform.start();
      await joinHub(scene.hub(Object.keys(modes)[0] ?? ''), platform);
    }
    return scene;
  }

  /** The receivers answer each push after so many milliseconds, so that there is always much under way; 0: at once. */
  slowDown(ms: number): void {
    for (const { platform } of this.witnesses)
      platform.behaviour = ms === 0 ? undefined : () => ({ until: pause(ms) });
  }

  private platforms(): SimulatedPlatform[] {
    return [this.cpo, ...this.witnesses.map(({ platform }) => platform)];
  }

  hub(name: string): HubProcess {
    const hub = this.hubs.get(name);
    if (!hub) throw new Error(`no process ${name}`);
    return hub;
  }

  /** Starts one more process. */
  async add(name: string, mode: Record<string, string>): Promise<void> {
    this.modes[name] = mode;
    await this.restart(name);
  }

  /** Starts a process that is not there; the one that serves keeps its port. */
  async restart(name: string): Promise<void> {
    const serves = name === Object.keys(this.modes)[0];
    const env = { ...SETTINGS, ...this.modes[name], ...(serves ? { PORT: this.port } : {}) };
    const hub = await startHubProcess({ url: this.url }, env);
    if (serves) this.port = new URL(hub.url).port;
    this.hubs.set(name, hub);
  }

  /** Status of /health/ready of a process. */
  async ready(name: string): Promise<number> {
    return (await fetch(new URL('/health/ready', this.hub(name).url))).status;
  }

  /** All processes are ready again, without anybody's help. */
  async recovered(): Promise<void> {
    for (const name of Object.keys(this.modes))
      await eventually(async () => (await this.ready(name)) === 200, `${name} is ready again`);
  }

  /** Resolves when every receiver's position has been saved anew. */
  async positionsSaved(): Promise<void> {
    const before = await this.positions();
    const moved = async (): Promise<boolean> => {
      const now = await this.positions();
      return now.every((position, i) => position !== before[i]);
    };
    await eventually(moved, 'positions saved');
  }

  private async positions(): Promise<string[]> {
    const { items } = await adminOf(this.hub(Object.keys(this.modes)[0] ?? ''), 'GET', '/feed');
    const receivers = (items as { receivers: { position: unknown }[] }[]).flatMap((item) => item.receivers);
    return receivers.map(({ position }) => JSON.stringify(position));
  }

  /** Runs what disturbs hub or database, and remembers when. */
  async disturb(act: () => Promise<void>): Promise<void> {
    const disturbance = { from: Date.now(), to: Number.POSITIVE_INFINITY };
    this.disturbances.push(disturbance);
    await act();
    disturbance.to = Date.now();
  }

  /** The CPO begins to work, `act` happens meanwhile, and in the end everything must be as it should. */
  async underLoad(act: (load: Load) => Promise<void>): Promise<void> {
    const load = new Load(this.cpo, this.sent, EMSPS.slice(0, 2));
    try {
      await load.acknowledges(100);
      await act(load);
    } finally {
      await load.stop();
    }
    await conclude(this);
  }

  /** Kills all processes and ends all platforms. */
  async end(): Promise<void> {
    await Promise.all([...this.hubs.values()].map((hub) => hub.kill()));
    await Promise.all(this.platforms().map((platform) => platform.stop()));
  }
}
