import { fold } from '../../domain/ci-string';
import { differences, type Difference } from '../../domain/json/difference';
import { isFields, type Fields } from '../../domain/json/fields';
import { instantOf } from '../../domain/instants';
import { partyWords } from '../../domain/party';
import { AdminFailure } from '../../errors';
import { moduleName, ownedModule } from '../../ocpi/versions';
import type { NotKeptRow } from '../../store/relay/not-kept';
import type { HubContext } from '../context';
import { replaceWhole } from '../objects/decide-flat';

/*
 * Relayed objects that their receiver accepted and the hub refused: an admin sees both texts' difference, and settles
 * which of them the hub shall have.
 */

const MOST_DIFFERENCES = 50;

/** One row of GET /admin/api/not-kept. */
export interface NotKeptReport extends Omit<NotKeptRow, 'module' | 'owner' | 'receiver'> {
  module: string;
  owner: string;
  receiver: string;
  /** The members in which the hub's copy (`expected`) and the offered text (`found`) differ. */
  differences: Difference[];
}

function parsed(text: string | null): Fields {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

/** A PATCH says nothing of the members that it leaves out. */
function expectedOf({ method, offered }: NotKeptRow, stored: Fields): Fields {
  if (method !== 'PATCH') return stored;
  const named = parsed(offered);
  return Object.fromEntries(Object.entries(stored).filter(([name]) => name in named));
}

async function reportOf(context: HubContext, row: NotKeptRow): Promise<NotKeptReport> {
  const module = ownedModule(row.module);
  const key = { owner: row.owner, key: fold(row.object_id) };
  const stored = module && (await context.objects.read({ module, ...key }));
  const words = (number: number): string => {
    const party = context.registry.partyByNumber(number);
    return party ? partyWords(party) : 'unknown';
  };
  return {
    ...row,
    module: moduleName(row.module),
    owner: words(row.owner),
    receiver: words(row.receiver),
    differences: differences(
      expectedOf(row, parsed(stored?.text ?? null)),
      parsed(row.offered),
      MOST_DIFFERENCES,
    ),
  };
}

/** Those that are open, or settled ones; the newest first. */
export async function notKeptReport(
  context: HubContext,
  { state, partner }: { state: NotKeptRow['state']; partner: string | undefined },
): Promise<NotKeptReport[]> {
  const rows = await context.notKept.list(state, partner);
  const reports: NotKeptReport[] = [];
  for (const row of rows) reports.push(await reportOf(context, row));
  return reports;
}

/**
 * Settles one. `stored`: the hub's copy stays. `offered`: the hub takes what the receiver accepted; nobody is told of it.
 * @throws AdminNotFound, AdminConflict (settled already, or the offered text cannot be kept: with the rule)
 */
export async function settleNotKept(
  context: HubContext,
  id: string,
  how: { keep: 'stored' | 'offered'; reason: string | undefined },
): Promise<NotKeptReport> {
  const row = await context.notKept.find(id);
  if (!row) throw new AdminFailure({ kind: 'AdminNotFound', what: `object that was not kept: ${id}` });
  if (row.state === 'settled') return conflict('it is settled already');
  if (how.keep === 'offered') await takeOffered(context, row);
  await context.notKept.settle(id, { kept: how.keep, reason: how.reason });
  const settled = await context.notKept.find(id);
  return reportOf(context, settled ?? row);
}

function conflict(detail: string): never {
  throw new AdminFailure({ kind: 'AdminConflict', detail });
}

/** @throws AdminConflict with the rule, where the hub could not work with the text */
async function takeOffered(
  context: HubContext,
  { module: number, offered, ...row }: NotKeptRow,
): Promise<void> {
  const module = ownedModule(number);
  // The rest of the object would be gone.
  if (row.method === 'PATCH')
    return conflict(
      'the offered text cannot be kept: a PATCH is no whole object; have its owner send the object again',
    );
  if (!module || offered === null) return conflict('the offered text was too long to be stored');
  const fields = parsed(offered);
  const named = fields[module.idField];
  if (typeof named !== 'string' || named === '' || fold(named) !== fold(row.object_id))
    return conflict(`the offered text cannot be kept: $.${module.idField} must be given, as in the row`);
  if (instantOf(fields.last_updated) === undefined)
    return conflict('the offered text cannot be kept: $.last_updated must be given as a DateTime');
  await context.objects.transact(
    { module, owner: row.owner, key: fold(row.object_id), id: named },
    { wantText: true, correlation_id: row.correlation_id },
    (current) => replaceWhole(offered, row.receiver, current),
  );
}
