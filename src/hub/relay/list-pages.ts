import { answeredBy, fail } from '../../errors';
import { nextLinkOf } from '../../domain/page-cursor';
import { sameOrigin } from '../../domain/origin';
import type { PartyId } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { Reply } from '../../ocpi/envelope';
import { endpointUrl } from '../../ocpi/urls';
import { versionOf } from '../../ocpi/versions';
import { checkFrom } from '../sender';
import { openProxiedUrl } from './proxied-url';
import {
  forward,
  messageTo,
  replyOf,
  type Answered,
  type Relayed,
  receiverOf,
  type Receiver,
} from './forward';
import type { HubContext } from '../context';

/*
 * Pages of relayed lists (semantics 24): the receiver's Link is opened, and the sender gets one of the hub that
 * leads to it, as often as it likes, for a day. It is the list's own URL with a parameter more, so that clients that
 * keep to the endpoint they discovered follow it too.
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
  context: HubContext,
  answered: Answered,
  list: { relayed: Pick<Relayed, 'module' | 'platform' | 'sender'>; receiver: Receiver; url: string },
): Promise<Record<string, string>> {
  const next = nextPage(answered.headers.link, list.url);
  if (next === undefined) return {};
  const { relayed, receiver } = list;
  const name = await context.proxiedUrls.handOut({
    kind: 'page',
    partner_id: relayed.platform.id,
    target_partner: receiver.partner.id,
    from_party: relayed.sender.number,
    to_party: receiver.party.number,
    url: next.href,
    expiresInS: PAGE_S,
  });
  const { platform, module } = relayed;
  const own = { version: versionOf(platform), module, interface: 'SENDER' } as const;
  const endpoint = endpointUrl(context.config.publicUrl, own);
  const query = new URLSearchParams();
  for (const key of SHOWN) {
    const value = next.searchParams.get(key);
    if (value !== null) query.set(key, value);
  }
  query.set(PAGE_PARAMETER, name);
  return { Link: `<${endpoint}?${query.toString()}>; rel="next"` };
}

/** Relays a GET; the Link of a list points back to the hub (semantics 24). */
export async function relayGet(context: HubContext, relayed: Relayed, receiver: Receiver): Promise<Reply> {
  const message = messageTo(relayed, receiver);
  const answered = await forward(context, message);
  return replyOf(answered, await pageHeaders(context, answered, { relayed, receiver, url: message.url }));
}

/**
 * GET of a page behind a Link of the hub; its sender stands behind that URL, so that FROM may be missing.
 * @throws UnknownHandOut unless this platform got its Link; the hub errors
 */
export async function relayPage(
  context: HubContext,
  page: {
    name: string;
    module: Relayed['module'];
    platform: Partner;
    from: PartyId | undefined;
    correlation_id: string;
  },
): Promise<Reply> {
  const { name, platform, module, from, correlation_id } = page;
  checkFrom(platform, from);
  const opened = await openProxiedUrl(context, { name, kinds: ['page'], platform });
  if (!opened) return fail({ kind: 'UnknownHandOut', what: `page of ${module}` });
  return answeredBy({ from: opened.to, to: from ?? opened.from }, async () => {
    const receiver = receiverOf(context.registry, opened.to);
    const { url } = opened.proxied;
    const message = { method: 'GET', url, body: undefined, from: opened.from, to: receiver };
    const answered = await forward(context, { ...message, correlation_id, mayBeEmpty: false });
    const relayed = { module, platform, sender: opened.from };
    return replyOf(answered, await pageHeaders(context, answered, { relayed, receiver, url }));
  });
}
