import type { Registry as Metrics } from 'prom-client';
import type { Comparisons } from './hub/compare/comparisons';
import type { HubContext } from './hub/context';
import type { GapFinder, RequestPull } from './hub/gaps/gap-finder';
import type { RelayedObjects } from './hub/relay/relayed-objects';
import type { SyncWorker } from './sync/worker';

/** Every long-lived object of the process; built in build-context.ts, closed in start.ts: explicit, no container. */
export interface Context extends HubContext {
  relayedObjects: RelayedObjects;
  /** Comparisons of partners with the hub that run here. */
  comparisons: Comparisons;
  gaps: GapFinder;
  /** How what is missing here is pulled from a partner. */
  requestPull: RequestPull;
  syncWorker: SyncWorker | undefined;
  adminToken: string;
  metrics: Metrics;
  /** What /health/ready asks. */
  ready(): Promise<boolean>;
}
