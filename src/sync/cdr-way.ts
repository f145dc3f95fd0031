import { sameOrigin } from '../domain/origin';
import { isLive } from '../domain/party';
import { endpointOf, isConnected, type Partner } from '../domain/partner';
import { routingHeaders } from '../ocpi/headers';
import type { PartnerRequest, TransportResult } from '../partners/partner-client';
import type { CdrDelivery, CdrDeliveries } from '../store/cdr-deliveries';
import { ownedBy, siblingUrl } from './cdr-answers';
import type { FeedParts } from './feed-parts';
import type { Lease } from './leases';

/** Where the CDRs of a receiver go, and under which lease. */
export interface CdrWay {
  partner: Partner;
  lease: Lease;
  /** The receiver's endpoint of module cdrs. */
  endpoint: string;
}

/** A CDR on its way. */
export interface SentCdr {
  delivery: CdrDelivery;
  way: CdrWay;
}

/** undefined: nothing goes to this receiver, or not from here. */
export function wayTo(parts: FeedParts, receiver: number): CdrWay | undefined {
  const party = parts.registry.partyByNumber(receiver);
  if (!party || !isLive(party) || party.partner === null) return undefined;
  const partner = parts.registry.partner(party.partner);
  const lease = parts.leases.of(party.partner);
  if (!partner || !lease || !isConnected(partner)) return undefined;
  const endpoint = endpointOf(partner, 'cdrs', 'RECEIVER');
  return endpoint ? { partner, lease, endpoint } : undefined;
}

/** A request about a CDR to its receiver, cut off with the lease. */
export function sendTo(
  { registry, client }: FeedParts,
  { delivery, way }: SentCdr,
  request: Pick<PartnerRequest, 'method' | 'url' | 'body'>,
): Promise<TransportResult> {
  return client.request(way.partner, {
    ...request,
    headers: routingHeaders({ to: registry.partyByNumber(delivery.receiver), from: registry.hub }),
    correlationId: delivery.correlation_id,
    permit: way.lease,
  });
}

/** Where this receiver's earlier Locations let a CDR be; of the same CPO's CDRs, if it has any. */
export async function likelyPlace(
  { registry }: FeedParts,
  deliveries: CdrDeliveries,
  { delivery, way }: SentCdr,
): Promise<string | undefined> {
  const { receiver, owner, sent_id } = delivery;
  const example = await deliveries.exampleLocation(receiver, owner);
  const url = example && siblingUrl(example.location_url, example.sent_id, sent_id);
  if (!url || !sameOrigin(url, way.endpoint)) return undefined;
  const [from, to] = [example.owner, owner].map((number) => registry.partyByNumber(number));
  return from && to ? ownedBy(url, from, to) : url;
}
