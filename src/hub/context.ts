import type { Logger } from 'pino';
import type { Config } from '../config';
import type { PartnerClient } from '../partners/partner-client';
import type { Pauses } from '../partners/pauses';
import type { RelayGate } from '../partners/relay-gate';
import type { Contacts } from '../store/alive/contacts';
import type { Database } from '../store/database';
import type { Findings } from '../store/findings';
import type { Objects } from '../store/objects/objects';
import type { NotKept } from '../store/relay/not-kept';
import type { WantedParties } from '../store/pull/wanted-parties';
import type { Registry } from '../store/registry/registry';
import type { KnownRoutes } from '../store/relay/known-routes';
import type { ProxiedUrls } from '../store/relay/proxied-urls';
import type { Vault } from '../store/vault';
import type { Refusals } from './credentials/refusals';
import type { Incoming } from './objects/incoming';

/** What receiving, reading and validating objects needs. */
export interface Stores {
  objects: Objects;
  findings: Findings;
  registry: Registry;
  /** Parties that objects named before they were there. */
  wanted: WantedParties;
  /** Relayed objects that their receiver accepted and the hub refused. */
  notKept: NotKept;
}

/** What the hub asks of the sync worker, where this process runs one. */
export interface WorkerHandle {
  pauses: Pauses;
  /** Saves the positions that moved. */
  save(): Promise<void>;
  /** There may be new changes. */
  wake(): void;
  /** Work may wait for this partner. */
  wakePartner(partner: string): void;
  /** An admin asked for a pull. */
  wakePulls(): void;
  /** An admin set positions. */
  positionsChanged(): void;
  /** A partner called the hub. */
  heardFrom(partner: string): void;
}

/** Every long-lived object that the hub's stories work with. */
export interface HubContext extends Stores {
  config: Config;
  log: Logger;
  database: Database;
  /** Encrypts partners' tokens at rest, hashes ours. */
  vault: Vault;
  partnerClient: PartnerClient;
  /** Between relays and each of their receivers. */
  gate: RelayGate;
  /** URLs of the hub that stand for partners' own. */
  proxiedUrls: ProxiedUrls;
  knownRoutes: KnownRoutes;
  /** Stores what was relayed and accepted. */
  relayedObjects: { keep(incoming: Incoming): Promise<void> };
  /** When partners called and were reached. */
  contacts: Contacts;
  /** Traces of failed registrations and dead tokens. */
  refusals: Refusals;
  syncWorker: WorkerHandle | undefined;
}
