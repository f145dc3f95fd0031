import type { Partner } from '../../domain/partner';
import { nothingFlows, syncState, type Standing, type SyncState } from '../../domain/sync/sync-state';
import { ownedModules } from '../../ocpi/versions';
import { readRefusing } from '../../store/feed/refusing';
import type { HubContext } from '../context';
import { reportFeed, type ReceiverReport } from '../../store/feed/report';

export interface PartnerReport {
  partner_id: string;
  name: string;
  state: SyncState;
  /** Why it is in this state; null where it is in sync. */
  reason: string | null;
  /** The furthest of its receivers. */
  behind: { changes: number; seconds: number };
  last_success: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
  paused_until: string | null;
  receivers: ReceiverReport[];
}

/** Of pushes alone: what is pulled, and what failed long ago, is no matter of the feed. */
function standingOf(
  partner: Partner | undefined,
  of: { receivers: readonly ReceiverReport[]; pausedUntil: string | null; refusing: readonly string[] },
): Standing {
  const { receivers, pausedUntil, refusing } = of;
  return {
    suspended: partner?.suspended ?? false,
    connected: true,
    nothingFlows: partner && nothingFlows(partner, ownedModules),
    pausedUntil,
    lastError: null,
    refusing,
    waits: receivers.some((r) => r.behind.changes > 0 || r.full_push || r.cdrs_waiting > 0),
  };
}

const latest = (dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((a, b) => (b !== null && (a === null || b > a) ? b : a), null);

function partnerReport(
  context: HubContext,
  id: string,
  { receivers, refusing }: { receivers: ReceiverReport[]; refusing: readonly string[] },
): PartnerReport {
  const pause = context.syncWorker?.pauses.of(id);
  const paused = pause !== undefined && pause.pausedUntil > Date.now();
  const paused_until = paused ? new Date(pause.pausedUntil).toISOString() : null;
  const partner = context.registry.partner(id);
  const standing = standingOf(partner, { receivers, pausedUntil: paused_until, refusing });
  const last_error_at = latest(receivers.map((r) => r.last_error_at));
  return {
    partner_id: id,
    name: partner?.name ?? '',
    ...syncState(standing),
    behind: {
      changes: Math.max(...receivers.map((r) => r.behind.changes)),
      seconds: Math.max(...receivers.map((r) => r.behind.seconds)),
    },
    last_success: latest(receivers.map((r) => r.last_success)),
    last_error: receivers.find((r) => r.last_error_at === last_error_at)?.last_error ?? null,
    last_error_at,
    paused_until,
    receivers,
  };
}

/**
 * Where every partner (or one) stands in the feed; this process' own positions are saved first, so that they are
 * current.
 */
export async function feedReport(
  context: HubContext,
  partnerId: string | null = null,
): Promise<PartnerReport[]> {
  await context.syncWorker?.save();
  const byPartner = new Map<string, ReceiverReport[]>();
  for (const receiver of await reportFeed(context.database.pool, partnerId)) {
    byPartner.set(receiver.partner_id, [...(byPartner.get(receiver.partner_id) ?? []), receiver]);
  }
  const refusing = await readRefusing(context.database.pool, partnerId);
  return [...byPartner].map(([id, receivers]) =>
    partnerReport(context, id, { receivers, refusing: refusing.get(id) ?? [] }),
  );
}
