import { fail } from '../../errors';
import type { Party } from '../../domain/party';
import type { Write } from '../../store/objects/types';
import { type Received } from './decide';
import { fold } from '../../domain/ci-string';
import { takeCdr, TOLD_NOBODY } from './decide-flat';
import type { Incoming } from './incoming';
import type { Stores } from '../context';
import { asObject, checkClock, checkEssentials, isId, validate } from './validate';
import { knownOwner, namesNobody, tokenOwner } from './token-owner';

/** Its delivery row is written with the CDR itself; a platform that holds both parties needs none. */
function deliveryTo(receiver: Party, incoming: Incoming): Write['delivery'] {
  const to = { receiver: receiver.number };
  if (incoming.relayed) return { ...to, state: 'delivered', location_url: incoming.relayed.location_url };
  return receiver.partner === incoming.partner.id ? undefined : { ...to, state: 'waiting' };
}

/**
 * Checks and stores an object that is received once for good: a posted CDR (mod_cdrs, Receiver POST; semantics 28,
 * 40), however often it is posted.
 * @throws Invalid, UnknownReceiver
 */
export async function receiveCdr(stores: Stores, incoming: Incoming): Promise<Received> {
  const { module, partner, owner } = incoming;
  const fields = asObject(incoming.body.value);
  const id = isId(fields.id)
    ? fields.id
    : fail({ kind: 'Invalid', message: '$.id: must be given as a string' });
  const validation = { findings: stores.findings, partner, module: module.identifier, example_id: id };
  validate(validation, module.dto, fields);
  checkEssentials(fields, [
    { field: 'country_code', value: owner.country_code, optional: false },
    { field: 'party_id', value: owner.party_id, optional: false },
  ]);
  checkClock(validation, incoming, stores.registry.now());
  const owns = incoming.relayed
    ? knownOwner(stores, module, fields)
    : await tokenOwner(stores, incoming, fields);
  const receiver = incoming.relayed?.receiver ?? owns;
  if (!receiver) return namesNobody(module);
  const options = {
    concerned: { receiver: receiver.number, owner: owns?.number },
    delivery: deliveryTo(receiver, incoming),
    ...(incoming.relayed ? TOLD_NOBODY : {}),
  };
  const outcome = await stores.objects.transact(
    { module, owner: owner.number, key: fold(id), id },
    { wantText: true, correlation_id: incoming.correlation_id },
    (current) => takeCdr(incoming.body.text, options, current),
  );
  if (outcome !== 'other') return { outcome, id };
  return fail({ kind: 'Invalid', message: '$.id: a CDR with this id and other content was posted before' });
}
