import type { HubContext } from '../context';
import { AdminFailure } from '../../errors';
import { nothingFlows, syncState, type Standing, type SyncState } from '../../domain/sync/sync-state';
import { ownedModules, versionOf } from '../../ocpi/versions';
import { readRefusing } from '../../store/feed/refusing';
import { endpointOf, isConnected, type Partner } from '../../domain/partner';
import { requestFullPush } from '../../store/full-push';
import { readPushTimes, type PushTime } from '../../store/feed/push-times';
import { lastPulls, type PullTime } from '../../store/pull/report';
import { readOpenWork, type OpenWork } from '../../store/feed/report';
import type { ComparisonReport, Comparisons } from '../compare/comparisons';
import { feedReport, type PartnerReport } from './feed';

/** One answer to "is this partner in sync?". */
export interface SyncReport {
  partner_id: string;
  name: string;
  in_sync: boolean;
  state: SyncState;
  /** Why it is in this state; null where it is in sync. */
  reason: string | null;
  /** The oldest of what is open; null where nothing is. */
  since: Date | null;
  behind: { changes: number; seconds: number; full_push: boolean } & Omit<OpenWork, 'since'>;
  last_error: string | null;
  last_error_at: Date | null;
  paused_until: string | null;
  /** By module, the last success. */
  pushes: PushTime[];
  pulls: PullTime[];
  last_check: ComparisonReport | null;
}

type Behind = SyncReport['behind'];

/** What waits for it; failed and uncertain deliveries do not wait, they are missing. */
const waits = ({ full_push, changes, cdrs_waiting, client_info }: Behind): boolean =>
  full_push || changes > 0 || cdrs_waiting > 0 || client_info > 0;

/** Drift counts until a push from scratch was asked for. */
const driftOf = (check: ComparisonReport | undefined): number => (check && !check.repaired ? check.drift : 0);

/** Lists that the hub asks for and has never read to their end. */
const neverPulled = (pulls: readonly PullTime[]): string[] =>
  pulls
    .filter(({ last_success }) => last_success === null)
    .map(({ country_code, party_id, module }) => `${module} of ${country_code}/${party_id}`);

interface Known {
  feed: PartnerReport | undefined;
  refusing: readonly string[];
  behind: Behind;
  pulls: readonly PullTime[];
  check: ComparisonReport | undefined;
}

function standingOf(partner: Partner, { feed, refusing, behind, pulls, check }: Known): Standing {
  return {
    suspended: partner.suspended,
    connected: isConnected(partner),
    nothingFlows: nothingFlows(partner, ownedModules),
    pausedUntil: feed?.paused_until ?? null,
    lastError: feed?.last_error ?? null,
    refusing,
    waits: waits(behind),
    missing: behind.deliveries_failed + behind.cdrs_uncertain + driftOf(check),
    neverPulled: neverPulled(pulls),
  };
}

function behindOf(feed: PartnerReport | undefined, { since: _, ...open }: OpenWork): Behind {
  const receivers = feed?.receivers ?? [];
  return {
    changes: feed?.behind.changes ?? 0,
    seconds: feed?.behind.seconds ?? 0,
    full_push: receivers.some((receiver) => receiver.full_push),
    ...open,
  };
}

/** Whether a partner is in sync, behind by what and since when, and what is known of it (GET /partners/:id/sync). */
export async function syncReport(
  context: HubContext,
  comparisons: Comparisons,
  partner: Partner,
): Promise<SyncReport> {
  const { pool } = context.database;
  const feed = (await feedReport(context, partner.id))[0];
  const { identifier } = versionOf(partner).hubclientinfo;
  const wantsClientInfo = endpointOf(partner, identifier, 'RECEIVER') !== undefined;
  const [open, pushes, pulls, check, refusing] = await Promise.all([
    readOpenWork(pool, partner.id, wantsClientInfo),
    readPushTimes(pool, partner.id),
    lastPulls(pool, partner.id),
    comparisons.last(partner.id),
    readRefusing(pool, partner.id),
  ]);
  const behind = behindOf(feed, open);
  const known = { feed, refusing: refusing.get(partner.id) ?? [], behind, pulls, check };
  const { state, reason } = syncState(standingOf(partner, known));
  return {
    partner_id: partner.id,
    name: partner.name,
    in_sync: state === 'IN_SYNC',
    state,
    reason,
    since: open.since,
    behind,
    last_error: feed?.last_error ?? null,
    last_error_at: feed?.last_error_at ?? null,
    paused_until: feed?.paused_until ?? null,
    pushes,
    pulls,
    last_check: check ?? null,
  };
}

/**
 * Brings a partner up to date from scratch: by the worker that leases it, within two seconds.
 * @returns how many of its parties get a full push
 * @throws AdminConflict where it is not connected
 */
export async function pushFromScratch(context: HubContext, partner: Partner): Promise<number> {
  if (!isConnected(partner))
    throw new AdminFailure({ kind: 'AdminConflict', detail: 'the partner is not connected' });
  const receivers = await requestFullPush(context.database.pool, partner.id);
  context.syncWorker?.positionsChanged();
  return receivers.length;
}
