import type { Logger } from 'pino';
import type { Config } from '../../config';
import type { PartnerClient } from '../../partners/partner-client';
import type { RelayGate } from '../../partners/relay-gate';
import type { Callbacks } from '../../store/callbacks';
import type { KnownRoutes } from '../../store/known-routes';
import type { Stores } from '../incoming';
import type { Keeper } from './keeper';

/** What relaying needs of the process. */
export interface RelayParts extends Stores {
  config: Config;
  log: Logger;
  partnerClient: PartnerClient;
  gate: RelayGate;
  callbacks: Callbacks;
  knownRoutes: KnownRoutes;
  keeper: Keeper;
}
