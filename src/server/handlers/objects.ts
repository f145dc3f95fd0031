import { fail } from '../../errors';
import type { Incoming } from '../../hub/objects/incoming';
import { receiveObject } from '../../hub/objects/receive';
import { ownParty } from '../../hub/sender';
import { CREATED, OK, type Reply } from '../../ocpi/envelope';
import { readJsonBody, type JsonBody } from '../body';
import type { OwnedRouted } from '../routed';
import { objectUrl, endpointUrl } from '../../ocpi/urls';
import { listObjects, readOwn, readVisible } from '../../hub/objects/read';
import { pagingRules } from '../ocpi-call';

const NO_BODY: JsonBody = { text: '', value: undefined };

/** The owner of an object that is POSTed (a CDR) stands in its body only. */
function ownerInBody(routed: OwnedRouted, body: JsonBody): Incoming['owner'] {
  const named = routed.version.ownerIn(body.value);
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
    module,
    method: methodOf(routed),
    partner: call.caller.partner,
    owner: routed.owner ?? ownerInBody(routed, body),
    ids: routed.ids,
    type: call.query.get('type') ?? undefined,
    body,
    correlation_id: call.correlation_id,
  };
}

/** Where the hub has what was POSTed. */
function locationOf({ call, version, module }: OwnedRouted, { owner }: Incoming, id: string): string {
  const of = { version, module: module.identifier };
  return objectUrl(call.context.config.publicUrl, of, { owner, id });
}

/**
 * A push to the hub: checked, stored, answered; the feed brings it to those who may see it (semantics 27 to 29).
 */
export async function receive(routed: OwnedRouted): Promise<Reply> {
  const incoming = await incomingOf(routed);
  const { outcome, id } = await receiveObject(routed.call.context, incoming);
  const reply = outcome === 'created' ? CREATED : OK;
  if (incoming.method !== 'POST') return reply;
  return { ...reply, headers: { Location: locationOf(routed, incoming, id) } };
}

/** GET on a Sender list, answered from the hub's own store. */
export function list({ call, version, module, sender }: OwnedRouted): Promise<Reply> {
  const { config } = call.context;
  const url = endpointUrl(config.publicUrl, { version, module: module.identifier, interface: 'SENDER' });
  return listObjects(call.context, {
    module,
    viewer: sender,
    query: call.query,
    url,
    rules: pagingRules(call),
  });
}

/** GET of one object, the hub's own copy. */
export function read({ call, module, sender, owner, ids }: OwnedRouted): Promise<Reply> {
  if (!owner) return readVisible(call.context, { module, viewer: sender, ids });
  const type = call.query.get('type') ?? undefined;
  return readOwn(call.context, { module, owner, ids, type });
}
