import { OcpiFailure } from '../../errors';
import type { Partner } from '../../domain/partner';
import type { OwnedModule } from '../../domain/visibility';
import { checkOf, wildcard, type DtoClass } from '../../ocpi/check';
import { CDR } from '../../ocpi/v2_2_1/cdrs/dto';
import { Location } from '../../ocpi/v2_2_1/locations/dto';
import { Session } from '../../ocpi/v2_2_1/sessions/dto';
import { Tariff } from '../../ocpi/v2_2_1/tariffs/dto';
import { Token } from '../../ocpi/v2_2_1/tokens/dto';
import type { FindingItem } from '../../store/findings';
import type { Incoming } from '../../hub/objects/incoming';
import type { Stores } from '../../hub/context';
import { receiveCdr } from '../../hub/objects/receive-cdr';
import { receiveFlat } from '../../hub/objects/receive-flat';
import { receiveLocation } from '../../hub/objects/receive-location';
import type { PulledObject } from './take-page';

const DTOS: Record<OwnedModule, DtoClass> = {
  locations: Location,
  tariffs: Tariff,
  sessions: Session,
  cdrs: CDR,
  tokens: Token,
};

/** What became of a pulled object. */
export type Taken = 'stored' | 'unchanged' | 'refused';

const incomingOf = (partner: Partner, pulled: PulledObject, correlation_id: string): Incoming => ({
  module: pulled.key.module,
  method: pulled.key.module === 'cdrs' ? 'POST' : 'PUT',
  partner,
  owner: pulled.owner,
  ids: [pulled.id],
  type: undefined,
  body: pulled,
  pulled: true,
  correlation_id,
});

async function receive(stores: Stores, incoming: Incoming): Promise<Taken> {
  if (incoming.module === 'cdrs')
    return (await receiveCdr(stores, incoming)).outcome === 'created' ? 'stored' : 'unchanged';
  const receiveOne = incoming.module === 'locations' ? receiveLocation : receiveFlat;
  return (await receiveOne(stores, incoming)) === 'stale' ? 'unchanged' : 'stored';
}

/** `$.path: rule` of a refusal that the check of the definitions does not know. */
function fromMessage(message: string, example_id: string): FindingItem {
  const [, path = '$', rule = message] = /^(\$[^:]*): (.*)$/s.exec(message) ?? [];
  return { path: wildcard(path), rule, example_id };
}

/** Why it was refused, as findings; undefined where that says nothing about the object. */
function findingsOf(error: unknown, { key, value, id }: PulledObject): FindingItem[] | undefined {
  if (!(error instanceof OcpiFailure)) return undefined;
  if (error.error.kind === 'UnknownReceiver')
    return [{ path: '$.cdr_token', rule: 'must name a party that is known to this hub', example_id: id }];
  if (error.error.kind !== 'Invalid') return undefined;
  const found = checkOf(DTOS[key.module])(value);
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
    stores.findings.record(partner.id, pulled.key.module, findings);
    return 'refused';
  }
}
