import type { Logger } from 'pino';
import type { Config } from './config';
import type { Database } from './store/database';
import type { Registry } from './store/registry/registry';
import type { PartnerClient } from './partners/partner-client';
import type { RelayGate } from './partners/relay-gate';
import type { Checks } from './hub/compare/comparisons';
import type { GapFinder, RequestPull } from './hub/gaps/gap-finder';
import type { Keeper } from './hub/relay/store-relayed';
import type { Callbacks } from './store/relay/proxied-urls';
import type { KnownRoutes } from './store/relay/known-routes';
import type { Objects } from './store/objects/objects';
import type { Feed } from './sync/worker';
import type { Contacts } from './store/alive/contacts';
import type { Findings } from './store/findings';
import type { Vault } from './store/vault';
import type { Registry as Metrics } from 'prom-client';

/** Every long-lived object of the process; built in build-context.ts, closed in start.ts: explicit, no container. */
export interface Context {
  config: Config;
  log: Logger;
  database: Database;
  /** Encrypts partners' tokens at rest, hashes ours. */
  vault: Vault;
  registry: Registry;
  findings: Findings;
  objects: Objects;
  partnerClient: PartnerClient;
  /** Between relays and each of their receivers. */
  gate: RelayGate;
  /** URLs that the hub handed out in place of partners' own. */
  callbacks: Callbacks;
  knownRoutes: KnownRoutes;
  /** Stores what was relayed and accepted. */
  keeper: Keeper;
  /** When partners called and were reached. */
  contacts: Contacts;
  /** Comparisons of partners with the hub that run here. */
  checks: Checks;
  gaps: GapFinder;
  /** How what is missing here is pulled from a partner. */
  requestPull: RequestPull;
  feed: Feed | undefined;
  adminToken: string;
  metrics: Metrics;
  /** What /health/ready asks. */
  ready(): Promise<boolean>;
}
