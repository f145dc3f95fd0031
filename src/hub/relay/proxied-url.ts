import type { Party } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { ProxiedUrl, ProxiedUrlKind } from '../../store/relay/proxied-urls';
import type { HubContext } from '../context';

/** A URL that the hub handed out, opened by the platform that it was for. */
export interface OpenedUrl {
  proxied: ProxiedUrl;
  from: Party;
  to: Party;
}

/** undefined where it is unknown, expired, another platform's, or leads to a party that has moved since. */
export async function openProxiedUrl(
  context: HubContext,
  asked: { name: string; kinds: readonly ProxiedUrlKind[]; platform: Partner },
): Promise<OpenedUrl | undefined> {
  const { name, kinds, platform } = asked;
  const callback = await context.proxiedUrls.find(name, { kinds, partner: platform.id });
  const from = callback && context.registry.partyByNumber(callback.from_party);
  const to = callback && context.registry.partyByNumber(callback.to_party);
  if (!callback || !from || !to || to.partner !== callback.target_partner) return undefined;
  return { proxied: callback, from, to };
}
