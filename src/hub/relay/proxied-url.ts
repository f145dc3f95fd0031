import type { Party } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { Callback, CallbackKind } from '../../store/relay/proxied-urls';
import type { RelayParts } from './parts';

/** A URL that the hub handed out, opened by the platform that it was for. */
export interface Kept {
  callback: Callback;
  from: Party;
  to: Party;
}

/** undefined where it is unknown, expired, another platform's, or leads to a party that has moved since. */
export async function openKept(
  parts: RelayParts,
  asked: { name: string; kinds: readonly CallbackKind[]; platform: Partner },
): Promise<Kept | undefined> {
  const { name, kinds, platform } = asked;
  const callback = await parts.callbacks.find(name, { kinds, partner: platform.id });
  const from = callback && parts.registry.partyByNumber(callback.from_party);
  const to = callback && parts.registry.partyByNumber(callback.to_party);
  if (!callback || !from || !to || to.partner !== callback.target_partner) return undefined;
  return { callback, from, to };
}
