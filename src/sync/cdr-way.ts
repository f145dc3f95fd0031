import { isLive } from '../domain/party';
import { endpointOf, isConnected, type Partner } from '../domain/partner';
import { routingHeaders } from '../ocpi/headers';
import type { PartnerRequest, TransportResult } from '../partners/partner-client';
import type { CdrDelivery } from '../store/cdr-deliveries';
import type { FeedParts } from './feed-parts';
import type { Lease } from './leases';

/** Where the CDRs of a receiver go, and under which lease. */
export interface CdrWay {
  partner: Partner;
  lease: Lease;
  /** The receiver's endpoint of module cdrs. */
  endpoint: string;
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
  { delivery, way }: { delivery: CdrDelivery; way: CdrWay },
  request: Pick<PartnerRequest, 'method' | 'url' | 'body'>,
): Promise<TransportResult> {
  return client.request(way.partner, {
    ...request,
    headers: routingHeaders({ to: registry.partyByNumber(delivery.receiver), from: registry.hub }),
    correlationId: delivery.correlation_id,
    permit: way.lease,
  });
}
