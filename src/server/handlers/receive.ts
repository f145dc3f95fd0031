import { partyNamed } from '../../domain/party';
import { fail } from '../../errors';
import type { Incoming } from '../../hub/objects/incoming';
import { receiveCdr } from '../../hub/objects/receive-cdr';
import { receiveFlat } from '../../hub/objects/receive-flat';
import { receiveLocation } from '../../hub/objects/receive-location';
import { ownParty } from '../../hub/sender';
import { CREATED, OK, type Reply } from '../../ocpi/envelope';
import { readJsonBody, type JsonBody } from '../body';
import type { OwnedRouted } from '../routed';
import { cdrUrl } from '../../ocpi/urls';

const NO_BODY: JsonBody = { text: '', value: undefined };

/** A CDR's owner stands in its body alone. */
function ownerOfCdr(routed: OwnedRouted, body: JsonBody): Incoming['owner'] {
  const named = partyNamed(body.value);
  if (!named) return routed.sender;
  const owner = ownParty(routed.call.caller.partner, named);
  return (
    owner ??
    fail({
      kind: 'Invalid',
      message: '$.party_id: country_code and party_id must be a party of this platform',
    })
  );
}

function methodOf(routed: OwnedRouted): Incoming['method'] {
  const method = routed.operation.method;
  return method === 'GET' ? fail({ kind: 'HubFault' }) : method;
}

async function incomingOf(routed: OwnedRouted): Promise<Incoming> {
  return incomingWith(routed, methodOf(routed) === 'DELETE' ? NO_BODY : await readJsonBody(routed.call));
}

/** The push with its body. @throws Invalid for a CDR of another platform's party */
export function incomingWith(routed: OwnedRouted, body: JsonBody): Incoming {
  const { call, module } = routed;
  return {
    module: module.identifier,
    method: methodOf(routed),
    partner: call.caller.partner,
    owner: routed.owner ?? ownerOfCdr(routed, body),
    ids: routed.ids,
    type: call.query.get('type') ?? undefined,
    body,
    correlation_id: call.correlation_id,
  };
}

async function postCdr(routed: OwnedRouted, incoming: Incoming): Promise<Reply> {
  const { outcome, id } = await receiveCdr(routed.call.context, incoming);
  const Location = cdrUrl(routed.call.context.config.publicUrl, incoming.owner, id);
  return { ...(outcome === 'created' ? CREATED : OK), headers: { Location } };
}

/**
 * A push to the hub: checked, stored, answered; the feed brings it to those who may see it (HUB-SEMANTICS 27 to 29).
 */
export async function receive(routed: OwnedRouted): Promise<Reply> {
  const incoming = await incomingOf(routed);
  if (incoming.module === 'cdrs') return postCdr(routed, incoming);
  const store = incoming.module === 'locations' ? receiveLocation : receiveFlat;
  return (await store(routed.call.context, incoming)) === 'created' ? CREATED : OK;
}
