import { answeredBy } from '../../errors';
import { sameOrigin } from '../../domain/origin';
import type { PartyId } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { Reply } from '../../ocpi/envelope';
import { unknownObject } from '../objects/read';
import { checkFrom } from '../sender';
import { endpointUrl } from '../../ocpi/urls';
import { versionOf } from '../../ocpi/versions';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { openProxiedUrl } from './proxied-url';
import { forward, replyOf, type Answered, type Relayed, receiverOf, type Receiver } from './forward';
import { headerOf } from '../../partners/transport/transport-types';
import type { HubContext } from '../context';

/*
 * The Location of a relayed CDR points to the hub, since the CPO has no token at the eMSP; GET there is relayed to the
 * receiver's own URL, for the sender alone and for ever (mod_cdrs, POST; semantics 25).
 */

/** The receiver's own Location, absolute; undefined where it gave none or one that the hub may not call. */
export function receiversLocation(context: HubContext, answered: Answered, url: string): string | undefined {
  const location = headerOf(answered.headers, 'location');
  if (location === undefined || !URL.canParse(location, url)) return undefined;
  const { href } = new URL(location, url);
  return sameOrigin(href, url) && context.partnerClient.refusalOf(href) === undefined ? href : undefined;
}

/** The hub's URL for it. */
export async function proxiedLocation(
  context: HubContext,
  cdr: { relayed: Relayed; receiver: Receiver; url: string },
): Promise<string> {
  const { relayed, receiver, url } = cdr;
  const name = await context.proxiedUrls.handOut({
    kind: 'cdr',
    partner_id: relayed.platform.id,
    target_partner: receiver.partner.id,
    from_party: relayed.sender.number,
    to_party: receiver.party.number,
    url,
    expiresInS: undefined,
  });
  const { platform, module } = relayed;
  const endpoint = { version: versionOf(platform), module, interface: 'RECEIVER' } as const;
  return `${endpointUrl(context.config.publicUrl, endpoint)}/${name}`;
}

/**
 * GET of a relayed CDR at its Location. @throws UnknownObject unless this platform posted it; Invalid; the hub
 * errors
 */
export async function relayCdr(
  context: HubContext,
  cdr: {
    name: string;
    module: OwnedModuleDescriptor;
    platform: Partner;
    from: PartyId | undefined;
    correlation_id: string;
  },
): Promise<Reply> {
  const { name, platform, correlation_id } = cdr;
  const opened = await openProxiedUrl(context, { name, kinds: ['cdr'], platform });
  if (!opened) return unknownObject(cdr.module, [name]);
  const { from, to } = opened;
  return answeredBy({ from: to, to: from }, async () => {
    checkFrom(platform, cdr.from);
    const message = { method: 'GET', url: opened.proxied.url, body: undefined, from };
    const receiver = receiverOf(context.registry, to);
    return replyOf(await forward(context, { ...message, to: receiver, correlation_id, mayBeEmpty: false }));
  });
}
