import { fail } from '../../errors';
import type { Incoming } from '../../hub/incoming';
import { receiveCdr } from '../../hub/receive-cdr';
import { receiveFlat } from '../../hub/receive-flat';
import { receiveLocation } from '../../hub/receive-location';
import { ownParty } from '../../hub/sender';
import { CREATED, OK, type Reply } from '../../ocpi/envelope';
import { readJsonBody, type JsonBody } from '../body';
import type { Routed } from '../act-on-route';
import { endpointUrl } from '../urls';

const NO_BODY: JsonBody = { text: '', value: undefined };

/** A CDR's owner stands in its body alone. */
function ownerOfCdr(routed: Routed, body: JsonBody): Incoming['owner'] {
  const fields: unknown = body.value;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return routed.sender;
  const { country_code, party_id } = fields as Record<string, unknown>;
  if (typeof country_code !== 'string' || typeof party_id !== 'string') return routed.sender;
  const owner = ownParty(routed.exchange.caller.partner, { country_code, party_id });
  return (
    owner ??
    fail({
      kind: 'Invalid',
      message: '$.party_id: country_code and party_id must be a party of this platform',
    })
  );
}

function methodOf(routed: Routed): Incoming['method'] {
  const method = routed.operation.method;
  return method === 'GET' ? fail({ kind: 'HubFault' }) : method;
}

async function incomingOf(routed: Routed): Promise<Incoming> {
  const { exchange, module } = routed;
  const method = methodOf(routed);
  const body = method === 'DELETE' ? NO_BODY : await readJsonBody(exchange);
  return {
    module: module.identifier,
    method,
    partner: exchange.caller.partner,
    owner: routed.owner ?? ownerOfCdr(routed, body),
    ids: routed.ids,
    type: exchange.query.get('type') ?? undefined,
    body,
    correlation_id: exchange.correlation_id,
  };
}

async function postCdr(routed: Routed, incoming: Incoming): Promise<Reply> {
  const { outcome, id } = await receiveCdr(routed.exchange.context, incoming);
  const endpoint = endpointUrl(routed.exchange.context.config.publicUrl, {
    module: 'cdrs',
    interface: 'RECEIVER',
  });
  const { country_code, party_id } = incoming.owner;
  const Location = `${endpoint}/${country_code}/${party_id}/${encodeURIComponent(id)}`;
  return { ...(outcome === 'created' ? CREATED : OK), headers: { Location } };
}

/** A push to the hub: checked, stored, answered; the feed brings it to those who may see it (HUB-SEMANTICS 27 to 29). */
export async function receive(routed: Routed): Promise<Reply> {
  const incoming = await incomingOf(routed);
  if (incoming.module === 'cdrs') return postCdr(routed, incoming);
  const store = incoming.module === 'locations' ? receiveLocation : receiveFlat;
  return (await store(routed.exchange.context, incoming)) === 'created' ? CREATED : OK;
}
