import type { HubContext } from '../context';
import { AdminFailure } from '../../errors';
import { versionOf } from '../../ocpi/versions';
import { endpointOf, isConnected, type Partner } from '../../domain/partner';
import { requestFullPush } from '../../store/full-push';
import { readPushTimes, type PushTime } from '../../store/feed/push-times';
import { lastPulls, type PullTime } from '../../store/pull/report';
import { readOpenWork, type OpenWork } from '../../store/feed/report';
import type { ComparisonReport, Comparisons } from '../compare/comparisons';
import { feedReport, type FeedState, type PartnerReport } from './feed';

/** One answer to "is this partner in sync?". */
export interface SyncReport {
  partner_id: string;
  name: string;
  in_sync: boolean;
  state: FeedState | 'NOT_CONNECTED';
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

function isBehind({ full_push, seconds: _, ...counts }: Behind): boolean {
  return full_push || Object.values(counts).some((count) => count > 0);
}

/** Drift counts until a push from scratch was asked for. */
const hasDrift = (check: ComparisonReport | undefined): boolean =>
  check !== undefined && check.drift > 0 && !check.repaired;

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
  const [open, pushes, pulls, check] = await Promise.all([
    readOpenWork(pool, partner.id, wantsClientInfo),
    readPushTimes(pool, partner.id),
    lastPulls(pool, partner.id),
    comparisons.last(partner.id),
  ]);
  const behind = behindOf(feed, open);
  return {
    partner_id: partner.id,
    name: partner.name,
    in_sync: isConnected(partner) && !isBehind(behind) && !hasDrift(check),
    state: isConnected(partner) ? (feed?.state ?? 'IN_SYNC') : 'NOT_CONNECTED',
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
