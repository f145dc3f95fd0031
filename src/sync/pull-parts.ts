import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Config } from '../config';
import type { Stores } from '../hub/incoming';
import type { Health } from '../partners/health';
import type { PartnerClient } from '../partners/partner-client';
import type { PullStore } from '../store/pull-store';
import type { Leases } from './leases';

/** What the pulls of a process share. */
export interface PullParts {
  stores: Stores & { pool: Pool };
  store: PullStore;
  client: PartnerClient;
  health: Health;
  leases: Leases;
  log: Logger;
  config: Config;
}
