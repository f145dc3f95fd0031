import type { Logger } from 'pino';
import type { Config } from '../../config';
import type { PartnerClient } from '../../partners/partner-client';
import type { RelayGate } from '../../partners/relay-gate';
import type { Callbacks } from '../../store/relay/proxied-urls';
import type { KnownRoutes } from '../../store/relay/known-routes';
import type { Stores } from '../objects/incoming';
import type { Keeper } from './store-relayed';

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
