import { AdminFailure } from '../../errors';
import { isConnected } from '../../domain/partner';
import { partyWords } from '../../domain/party';
import { pullTargets, type PullKind } from '../../domain/pulls';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { ownedModules } from '../../ocpi/versions';
import { ensurePulls } from '../../store/pull/pull-store';
import { reportGone, reportPulls, requestPull, type PullReport } from '../../store/pull/report';
import type { HubContext } from '../context';
import { findPartner } from './partners';

const GONE_SHOWN = 1000;

const rateOf = ({ objects, seconds }: PullReport): number | null =>
  seconds === null || seconds <= 0 ? null : Math.round(objects / seconds);

function itemOf(report: PullReport, party: string): object {
  const { download_ms, check_ms, write_ms, seconds: _, ...rest } = report;
  return {
    ...rest,
    party,
    objects_per_second: rateOf(report),
    ms: { download: download_ms, check: check_ms, write: write_ms },
  };
}

/** Where the pulls of a partner stand, per party and module, and what is gone. @throws AdminNotFound */
export async function pullReport(
  context: HubContext,
  partnerId: string,
): Promise<{ items: object[]; gone: object[] }> {
  const { id } = await findPartner(context, partnerId);
  const { pool } = context.database;
  const [items, gone] = await Promise.all([reportPulls(pool, id), reportGone(pool, id, GONE_SHOWN)]);
  const words = (number: number): string => {
    const party = context.registry.partyByNumber(number);
    return party ? partyWords(party) : String(number);
  };
  return {
    items: items.map((item) => itemOf(item, words(item.party))),
    gone: gone.map((object) => ({ ...object, party: words(object.party) })),
  };
}

export interface PullWish {
  kind: PullKind;
  module: OwnedModuleDescriptor | undefined;
  confirmRemovals: boolean;
}

/**
 * Asks the worker that leases this partner to pull it.
 * @throws AdminNotFound; AdminConflict where it is not connected; AdminInvalid for a module that is not pulled of it
 */
export async function askForPull(context: HubContext, partnerId: string, wish: PullWish): Promise<void> {
  const partner = await findPartner(context, partnerId);
  if (!isConnected(partner))
    throw new AdminFailure({ kind: 'AdminConflict', detail: 'the partner is not connected' });
  const targets = pullTargets(partner, ownedModules);
  if (wish.module !== undefined && !targets.some(({ module }) => module === wish.module)) {
    const errors = [
      { field: 'module', rule: 'must be one that this partner offers as SENDER for its parties' },
    ];
    throw new AdminFailure({ kind: 'AdminInvalid', errors });
  }
  const { pool } = context.database;
  await ensurePulls(
    pool,
    targets.map((target) => ({ ...target, partner_id: partner.id })),
  );
  await requestPull(pool, partner.id, wish);
  context.syncWorker?.wakePulls();
}
