import type { HubContext } from '../context';
import { reportFeed, type ReceiverReport } from '../../store/feed/report';

export type FeedState = 'IN_SYNC' | 'CATCHING_UP' | 'PAUSED';

export interface PartnerReport {
  partner_id: string;
  name: string;
  state: FeedState;
  /** The furthest of its receivers. */
  behind: { changes: number; seconds: number };
  last_success: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
  paused_until: string | null;
  receivers: ReceiverReport[];
}

function stateOf(receivers: readonly ReceiverReport[], paused: boolean): FeedState {
  if (paused) return 'PAUSED';
  const busy = receivers.some((r) => r.behind.changes > 0 || r.full_push || r.cdrs_waiting > 0);
  return busy ? 'CATCHING_UP' : 'IN_SYNC';
}

const latest = (dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((a, b) => (b !== null && (a === null || b > a) ? b : a), null);

function partnerReport(context: HubContext, id: string, receivers: ReceiverReport[]): PartnerReport {
  const pause = context.syncWorker?.pauses.of(id);
  const paused = pause !== undefined && pause.pausedUntil > Date.now();
  const last_error_at = latest(receivers.map((r) => r.last_error_at));
  return {
    partner_id: id,
    name: context.registry.partner(id)?.name ?? '',
    state: stateOf(receivers, paused),
    behind: {
      changes: Math.max(...receivers.map((r) => r.behind.changes)),
      seconds: Math.max(...receivers.map((r) => r.behind.seconds)),
    },
    last_success: latest(receivers.map((r) => r.last_success)),
    last_error: receivers.find((r) => r.last_error_at === last_error_at)?.last_error ?? null,
    last_error_at,
    paused_until: paused ? new Date(pause.pausedUntil).toISOString() : null,
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
  return [...byPartner].map(([id, receivers]) => partnerReport(context, id, receivers));
}
