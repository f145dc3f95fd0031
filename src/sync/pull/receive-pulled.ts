import { OcpiFailure } from '../../errors';
import type { Partner } from '../../domain/partner';
import { checkOf, wildcard } from '../../ocpi/check';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import type { FindingItem } from '../../store/findings';
import type { Incoming } from '../../hub/objects/incoming';
import type { Stores } from '../../hub/context';
import { receiveObject } from '../../hub/objects/receive';
import type { PulledObject } from './pulled-object';

/** What became of a pulled object. */
export type Taken = 'stored' | 'unchanged' | 'refused';

const incomingOf = (partner: Partner, pulled: PulledObject, correlation_id: string): Incoming => ({
  module: pulled.key.module,
  method: pulled.key.module.push,
  partner,
  owner: pulled.owner,
  ids: [pulled.id],
  type: undefined,
  body: pulled,
  pulled: true,
  correlation_id,
});

async function receive(stores: Stores, incoming: Incoming): Promise<Taken> {
  const { outcome } = await receiveObject(stores, incoming);
  return outcome === 'stale' || outcome === 'same' ? 'unchanged' : 'stored';
}

/** `$.path: rule` of a refusal that the check of the definitions does not know. */
function fromMessage(message: string, example_id: string): FindingItem {
  const [, path = '$', rule = message] = /^(\$[^:]*): (.*)$/s.exec(message) ?? [];
  return { path: wildcard(path), rule, example_id };
}

const unknownParty = ({ concerned }: OwnedModuleDescriptor, example_id: string): FindingItem => ({
  path: `$.${concerned?.member ?? ''}`,
  rule: 'must name a party that is known to this hub',
  example_id,
});

/** Why it was refused, as findings; undefined where that says nothing about the object. */
function findingsOf(error: unknown, { key, value, id }: PulledObject): FindingItem[] | undefined {
  if (!(error instanceof OcpiFailure)) return undefined;
  if (error.error.kind === 'UnknownReceiver') return [unknownParty(key.module, id)];
  if (error.error.kind !== 'Invalid') return undefined;
  const found = checkOf(key.module.dto)(value);
  if (found.length === 0) return [fromMessage(error.error.message, id)];
  return found.map(({ path, rule }) => ({ path: wildcard(path), rule, example_id: id }));
}

/**
 * Checks and stores a pulled object as a pushed one would be. A bad one is refused and recorded, under either policy.
 * @throws what says nothing about the object: a database that is away
 */
export async function receivePulled(
  stores: Stores,
  partner: Partner,
  the: { pulled: PulledObject; correlation_id: string },
): Promise<Taken> {
  const { pulled, correlation_id } = the;
  try {
    return await receive(stores, incomingOf(partner, pulled, correlation_id));
  } catch (error) {
    const findings = findingsOf(error, pulled);
    if (!findings) throw error;
    stores.findings.record(partner.id, pulled.key.module.identifier, findings);
    return 'refused';
  }
}
