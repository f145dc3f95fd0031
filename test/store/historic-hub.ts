import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { readConfig } from '../../src/config';
import { HttpClient } from '../../src/simulator/http/http-client';
import { discover } from '../../src/simulator/credentials/discover';
import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { startHub, type RunningHub } from '../../src/start';
import { Vault } from '../../src/store/vault';
import { ADMIN_TOKEN } from '../support/hub';
import { cdr, CPO, EMSP, eventually, location, session, tariff, type Fields } from '../support/network';
import type { TestConnection } from '../support/test-database';
import * as rows from './historic-rows';

const SECRET_KEY = 'test-secret-key-of-32-characters!';
const vault = new Vault(SECRET_KEY);
const HUB = { country_code: 'NL', party_id: 'HUB' };

/** A platform that was registered in another life: it knows its token at the hub, and the hub's at it. */
class OldPlatform extends SimulatedPlatform {
  readonly tokens = { ofHub: vault.newToken(), own: vault.newToken() };

  /** Lets the hub in, wherever it is now. */
  override start(): Promise<this> {
    this.state.accepted = new Set([this.tokens.ofHub]);
    return super.start();
  }

  /** Finds the hub where it is now. */
  async find(versionsUrl: string): Promise<void> {
    const { own } = this.tokens;
    const endpoints = await discover(new HttpClient(), versionsUrl, own);
    this.state.peer = { versionsUrl, token: own, endpoints, parties: [{ role: 'HUB', ...HUB }] };
  }

  get row(): rows.PartnerRow {
    const [party] = this.parties;
    if (!party) throw new Error('no party');
    const base = new URL(this.versionsUrl).origin;
    const endpoints = this.offered.map((line) => ({ ...line, url: rows.endpointOf(base, line) }));
    const { ofHub, own } = this.tokens;
    return {
      party,
      versionsUrl: this.versionsUrl,
      endpoints,
      theirToken: vault.encrypt(ofHub),
      hash: vault.hash(own),
    };
  }
}

/** A database as releases of the past left it, and a hub of today on it. */
export class HistoricHub {
  readonly cpo = new OldPlatform({ parties: [CPO] });
  readonly emsp = new OldPlatform({ parties: [EMSP] });
  readonly objects = {
    locations: [location('L1'), location('L2')],
    tariffs: [tariff('T1')],
    sessions: [session('S1')],
    cdrs: [cdr('C1'), cdr('C2')],
  } satisfies Record<string, Fields[]>;
  private hub: RunningHub | undefined;

  private constructor(
    private readonly connection: TestConnection,
    private readonly sql: Client,
  ) {}

  static async on(connection: TestConnection, sql: Client): Promise<HistoricHub> {
    const historic = new HistoricHub(connection, sql);
    await Promise.all([historic.cpo.start(), historic.emsp.start()]);
    return historic;
  }

  /** Inserts what the release that brought the nth migration wrote. */
  async useSince(n: number): Promise<void> {
    if (n === 1)
      await rows.insertPartners(this.sql, [this.cpo.row, this.emsp.row], vault.encrypt('ocpi-hub'));
    if (n === 2) await rows.insertObjects(this.sql, this.objects);
    if (n === 3) await rows.insertCallbacks(this.sql, vault.hash('a URL that was handed out'));
  }

  /** Starts the hub of today, which finds nothing to migrate. */
  async start(): Promise<void> {
    const settings = readConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      ADMIN_TOKEN,
      SECRET_KEY,
      LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
      DATA_DIR: path.join(os.tmpdir(), `hub-test-data-${randomUUID()}`),
      PULL_INTERVAL_S: '86400',
    });
    this.hub = await startHub({ ...settings, connection: this.connection });
  }

  /** The platforms find the hub where it is now. */
  async reconnect(): Promise<void> {
    const versionsUrl = `${this.hub?.url}/ocpi/versions`;
    await this.cpo.find(versionsUrl);
    await this.emsp.find(versionsUrl);
  }

  async inSync(): Promise<void> {
    await eventually(async () => {
      const { items } = await this.admin<{ items: { state: string }[] }>('/feed');
      return items.every(({ state }) => state === 'IN_SYNC' || state === 'REFUSING');
    }, 'in sync');
  }

  async findings(): Promise<unknown> {
    const { rows: found } = await this.sql.query<{ id: string }>(
      `select id from partner where name like 'CPO%'`,
    );
    return (await this.admin<{ items: unknown }>(`/partners/${found[0]?.id}/findings`)).items;
  }

  async count(table: string): Promise<number> {
    const { rows: counted } = await this.sql.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    return counted[0]?.n ?? 0;
  }

  private async admin<T>(at: string): Promise<T> {
    const response = await fetch(`${this.hub?.url}/admin/api${at}`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    return (await response.json()) as T;
  }

  async end(): Promise<void> {
    await this.hub?.stop();
    await Promise.all([this.cpo.stop(), this.emsp.stop(), this.sql.end()]);
  }
}
