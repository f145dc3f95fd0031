import type { Party, PartyId } from '../../domain/party';
import type { InterfaceRole, Partner } from '../../domain/partner';
import { urlBelow, type ModuleID } from '../../ocpi/module';
import { forward, replyOf, type Answered, type Message } from './forward';
import { pageHeaders } from './pages';
import type { RelayParts } from './parts';
import { endpointAt, type Receiver } from './receiver';
import type { Reply } from '../../ocpi/envelope';

/** A request to a functional module that is for somebody else, as it came. */
export interface Relayed {
  module: ModuleID;
  interface: InterfaceRole;
  method: string;
  /** Raw, below the module's endpoint, and the raw query string with its `?`. */
  path: string;
  search: string;
  body: string | Buffer | undefined;
  /** The platform that sends it, its party, and that party as OCPI-from is to name it. */
  platform: Partner;
  sender: Party;
  from: PartyId;
  correlation_id: string;
  mayBeEmpty: boolean;
}

/** The message to this receiver: the same path and query below its own endpoint. @throws Unroutable */
export function messageTo(relayed: Relayed, receiver: Receiver): Message {
  const { method, body, from, correlation_id, mayBeEmpty } = relayed;
  const url = urlBelow(endpointAt(receiver, relayed), relayed.path) + relayed.search;
  return { method, url, body, from, to: receiver, correlation_id, mayBeEmpty };
}

/** Relays a request and answers what the receiver answered. @throws the hub errors */
export function relayTo(parts: RelayParts, relayed: Relayed, receiver: Receiver): Promise<Answered> {
  return forward(parts, messageTo(relayed, receiver));
}

/** Relays a GET; the Link of a list points back to the hub (HUB-SEMANTICS 24). */
export async function relayGet(parts: RelayParts, relayed: Relayed, receiver: Receiver): Promise<Reply> {
  const message = messageTo(relayed, receiver);
  const answered = await forward(parts, message);
  return replyOf(answered, await pageHeaders(parts, answered, { relayed, receiver, url: message.url }));
}
