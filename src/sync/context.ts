import type { Logger } from 'pino';
import type { Config } from '../config';
import type { Stores } from '../hub/context';
import type { PartnerClient } from '../partners/partner-client';
import type { Pauses } from '../partners/pauses';
import type { Contacts } from '../store/alive/contacts';
import type { Database } from '../store/database';
import type { FeedStore } from '../store/feed/feed-store';
import type { PushTimes } from '../store/feed/push-times';
import type { Refusing } from './deliver/refusing';
import type { WriteFirstGate } from './deliver/write-first-gate';
import type { ChangeLog } from './feed/change-log';
import type { ObjectStates } from './feed/object-states';
import type { Leases } from './leases/leases';

/** Every long-lived object that the background workers of a process share. */
export interface SyncContext extends Stores {
  config: Config;
  log: Logger;
  database: Database;
  partnerClient: PartnerClient;
  contacts: Contacts;
  /** Partners that are left alone for a while. */
  pauses: Pauses;
  /** The platforms that this process leases. */
  leases: Leases;
  /** How long what failed waits before it is tried again. */
  retry: { minMs: number; maxMs: number };
  feedStore: FeedStore;
  changeLog: ChangeLog;
  objectStates: ObjectStates;
  pushTimes: PushTimes;
  refusing: Refusing;
  gate: WriteFirstGate;
  /** Runs a page of a full push in its turn: few at a time, so that they hold up nothing else. */
  walking<T>(page: () => Promise<T>): Promise<T>;
  /** A CDR for this receiver waits. */
  wakeCdrs(receiver: number): void;
}
