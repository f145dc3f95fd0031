import { stringValue } from '../../domain/json/json-text';
import type { TrailingSlash } from '../../domain/partner';
import type { Party } from '../../domain/party';
import { urlUnder, type OwnedModuleDescriptor } from '../../ocpi/module';
import { wholeText } from '../../store/objects/text';
import type { StateRow } from '../../store/feed/feed-store';
import { elementUnder } from '../../hub/objects/decide';

/*
 * A state as a push: PUT at the level that changed, DELETE of a tariff. Never PATCH: a repeated one would double
 * charging_periods, a repeated PUT does no harm. Pure.
 */

export interface PushRequest {
  method: 'PUT' | 'DELETE';
  url: string;
  body: string | undefined;
  /** It is below a location: a receiver that does not know the location gets that first. */
  evse: boolean;
}

export interface PushTarget {
  /** The receiver's endpoint of the module. */
  endpoint: string;
  /** The receiver's policy. */
  slash: TrailingSlash;
  module: OwnedModuleDescriptor;
  owner: Party;
}

const below = ({ endpoint, slash, owner }: PushTarget, ids: readonly string[], search = ''): string =>
  urlUnder(endpoint, [owner.country_code, owner.party_id, ...ids], { search, slash });

/** `?type=`, where it is not the one that it is without it. */
function typeQuery({ typed }: OwnedModuleDescriptor, text: string): string {
  const type = typed && stringValue(text, typed.member);
  return type === undefined || type === typed?.fallback ? '' : `?type=${encodeURIComponent(type)}`;
}

/** The whole object; undefined where there is nothing to say (a location that was never whole). */
export function wholeRequest(target: PushTarget, state: StateRow): PushRequest | undefined {
  const ids = [state.sent_id];
  if (state.deleted) return { method: 'DELETE', url: below(target, ids), body: undefined, evse: false };
  if (state.text === null) return undefined;
  const text = wholeText(target.module, { shown: state.shown, text: state.text, evses: state.evses });
  return {
    method: 'PUT',
    url: below(target, ids, typeQuery(target.module, text)),
    body: text,
    evse: false,
  };
}

/** One EVSE, or one connector of it; undefined where it is gone. */
export function partRequest(
  target: PushTarget,
  state: StateRow,
  connectorKey: string | undefined,
): PushRequest | undefined {
  const evse = state.evses?.[0];
  if (evse === undefined) return undefined;
  const [outer, inner] = target.module.levels;
  if (!outer || !inner) return undefined;
  const uid = stringValue(evse, outer.idField) ?? '';
  if (connectorKey === undefined)
    return { method: 'PUT', url: below(target, [state.sent_id, uid]), body: evse, evse: true };
  const connector = elementUnder(evse, { ...inner, key: connectorKey });
  if (connector === undefined) return undefined;
  const id = stringValue(connector, inner.idField) ?? '';
  return { method: 'PUT', url: below(target, [state.sent_id, uid, id]), body: connector, evse: true };
}

/** The parts to push: an EVSE whose connectors changed in several places, or itself, is pushed whole. */
export function foldParts(parts: Iterable<string>): { evse: string; connector: string | undefined }[] {
  const connectors = new Map<string, string | undefined>();
  for (const part of parts) {
    const [evse = '', connector] = part.split('\n');
    const known = connectors.has(evse);
    connectors.set(evse, known && connectors.get(evse) !== connector ? undefined : connector);
  }
  return [...connectors].map(([evse, connector]) => ({ evse, connector }));
}
