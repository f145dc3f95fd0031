import { fail } from '../../errors';
import { nextLinkOf } from '../../domain/list-order';
import { sameOrigin } from '../../domain/origin';
import type { Party } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { Reply } from '../../ocpi/envelope';
import { endpointUrl } from '../../ocpi/urls';
import { openKept } from './proxied-url';
import { forward, replyOf, type Answered, type Relayed, receiverOf, type Receiver } from './forward';
import type { RelayParts } from './parts';

/*
 * Pages of relayed lists (HUB-SEMANTICS 24): the receiver's Link is kept, and the sender gets one of the hub that leads
 * to it, as often as it likes, for a day. It is the list's own URL with a parameter more, so that clients that keep to
 * the endpoint they discovered follow it too.
 */

/** The parameter that names a kept page. */
export const PAGE_PARAMETER = 'relay';
const PAGE_S = 24 * 3600;
const SHOWN = ['date_from', 'date_to', 'offset', 'limit'];

/**
 * The next page at the receiver, from its Link header. A Link to another host is not followed with the receiver's
 * token: its query is asked for where the list was.
 */
export function nextPage(link: string | string[] | undefined, listUrl: string): URL | undefined {
  const target = nextLinkOf(link);
  if (target === undefined || !URL.canParse(target, listUrl)) return undefined;
  const next = new URL(target, listUrl);
  if (sameOrigin(next.href, listUrl)) return next;
  const list = new URL(listUrl);
  list.search = next.search;
  return list;
}

/** The hub's own Link, where the receiver gave one. */
export async function pageHeaders(
  parts: RelayParts,
  answered: Answered,
  list: { relayed: Pick<Relayed, 'module' | 'platform' | 'sender'>; receiver: Receiver; url: string },
): Promise<Record<string, string>> {
  const next = nextPage(answered.headers.link, list.url);
  if (next === undefined) return {};
  const { relayed, receiver } = list;
  const name = await parts.callbacks.handOut({
    kind: 'page',
    partner_id: relayed.platform.id,
    target_partner: receiver.partner.id,
    from_party: relayed.sender.number,
    to_party: receiver.party.number,
    url: next.href,
    expiresInS: PAGE_S,
  });
  const endpoint = endpointUrl(parts.config.publicUrl, { module: relayed.module, interface: 'SENDER' });
  const query = new URLSearchParams();
  for (const key of SHOWN) {
    const value = next.searchParams.get(key);
    if (value !== null) query.set(key, value);
  }
  query.set(PAGE_PARAMETER, name);
  return { Link: `<${endpoint}?${query.toString()}>; rel="next"` };
}

/** GET of a kept page. @throws UnknownPath unless this platform got its Link; the hub errors */
export async function relayPage(
  parts: RelayParts,
  page: { name: string; module: Relayed['module']; platform: Partner; correlation_id: string },
  answeredBy: (sides: { from: Party; to: Party }) => void,
): Promise<Reply> {
  const { name, platform, module, correlation_id } = page;
  const kept = await openKept(parts, { name, kinds: ['page'], platform });
  if (!kept) return fail({ kind: 'UnknownPath', path: `this page of ${module}` });
  answeredBy(kept);
  const receiver = receiverOf(parts.registry, kept.to);
  const { url } = kept.callback;
  const message = { method: 'GET', url, body: undefined, from: kept.from, to: receiver };
  const answered = await forward(parts, { ...message, correlation_id, mayBeEmpty: false });
  const relayed = { module, platform, sender: kept.from };
  return replyOf(answered, await pageHeaders(parts, answered, { relayed, receiver, url }));
}
