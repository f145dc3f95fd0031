import { fail } from '../../errors';
import { withValue } from '../../domain/json-text';
import { findResponseUrl, withResponseUrl } from '../../domain/response-url';
import type { RequestDescriptor, ResultName } from '../../ocpi/module';
import { url as isUrl } from '../../ocpi/v2_2_1/types/scalars';
import { endpointUrl } from '../urls';
import { UNANSWERED_S } from './learn';
import type { Relayed } from './message';
import type { RelayParts } from './parts';
import type { Receiver } from './receiver';

/*
 * The receiver gets a URL of the hub in place of the sender's response_url (HUB-SEMANTICS 26): it has no token of the
 * sender's. It is stored before the request goes out, since a result can come before the answer.
 */

/** The sender's response_url. @throws Invalid naming the field and the rule */
export function responseUrlOf(
  parts: RelayParts,
  request: RequestDescriptor,
  asked: { fields: Record<string, unknown> | undefined; search: string },
): string | undefined {
  if (request.result === undefined) return undefined;
  const inQuery = request.body === undefined;
  const value = inQuery ? findResponseUrl(asked.search)?.value : asked.fields?.response_url;
  const field = inQuery ? 'response_url' : '$.response_url';
  if (typeof value !== 'string' || !isUrl.test(value))
    return fail({ kind: 'Invalid', message: `${field}: must be ${isUrl.words}` });
  const refusal = parts.partnerClient.refusalOf(value);
  return refusal === undefined ? value : fail({ kind: 'Invalid', message: `${field}: ${refusal}` });
}

/** The request with the hub's URL in it, which is stored by then, and that URL's name. */
export async function withHubUrl(
  parts: RelayParts,
  relayed: Relayed,
  to: { receiver: Receiver; result: ResultName; url: string },
): Promise<{ relayed: Relayed; name: string }> {
  const name = await parts.callbacks.handOut(
    {
      kind: to.result,
      partner_id: to.receiver.partner.id,
      target_partner: relayed.platform.id,
      from_party: to.receiver.party.number,
      to_party: relayed.sender.number,
      url: to.url,
      expiresInS: UNANSWERED_S,
    },
    parts.callbacks.newName(),
  );
  const endpoint = endpointUrl(parts.config.publicUrl, { module: relayed.module, interface: 'SENDER' });
  return { relayed: replaceUrl(relayed, `${endpoint}/${name}`), name };
}

function replaceUrl(relayed: Relayed, url: string): Relayed {
  if (typeof relayed.body === 'string') {
    return { ...relayed, body: withValue(relayed.body, 'response_url', JSON.stringify(url)) };
  }
  const found = findResponseUrl(relayed.search);
  return found ? { ...relayed, search: withResponseUrl(relayed.search, found, url) } : relayed;
}
