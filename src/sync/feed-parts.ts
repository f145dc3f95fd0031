import type { Logger } from 'pino';
import type { Health } from '../partners/health';
import type { PartnerClient } from '../partners/partner-client';
import type { FeedStore } from '../store/feed-store';
import type { Registry } from '../store/registry';
import type { ChangeReader } from './change-reader';
import type { Leases } from './leases';
import type { PushGate } from './push-gate';
import type { StateReader } from './state-reader';

/** What the receivers of a process share. */
export interface FeedParts {
  store: FeedStore;
  registry: Registry;
  client: PartnerClient;
  health: Health;
  changes: ChangeReader;
  states: StateReader;
  gate: PushGate;
  leases: Leases;
  log: Logger;
  /** A CDR for this receiver waits. */
  onCdr(receiver: number): void;
  /** A receiver took something of a module. */
  onPassed(receiver: number, module: number): void;
}
