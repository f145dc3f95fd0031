import { fail } from '../../errors';
import { withValue } from '../../domain/json/json-text';
import { findResponseUrl, withResponseUrl } from '../../domain/relay/response-url';
import type { RequestDescriptor, ResultName, ModuleID } from '../../ocpi/module';
import { url as isUrl } from '../../ocpi/v2_2_1/types/scalars';
import { endpointUrl } from '../../ocpi/urls';
import { UNANSWERED_S } from './learn-from-answer';
import { type Relayed, type Receiver, forward, replyOf, receiverOf } from './forward';
import type { RelayParts } from './parts';
import type { Party, PartyId } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { Reply } from '../../ocpi/envelope';
import { results } from '../../ocpi/v2_2_1';
import { asObject, judgeWhole } from '../objects/validate';
import { checkFrom } from '../sender';
import { openKept, type Kept } from './proxied-url';

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

/*
 * A result that a CPO posts to the hub's URL goes to the response_url of the one who asked, with that platform's token,
 * FROM the CPO, TO the eMSP, before the CPO gets its answer (mod_commands, Sender POST; HUB-SEMANTICS 26). It may come
 * more than once: a CPO cancels a reservation by the same URL.
 */

export interface PostedResult {
  name: string;
  module: ModuleID;
  platform: Partner;
  from: PartyId | undefined;
  correlation_id: string;
  body(): Promise<{ text: string; value: unknown }>;
}

const KINDS: Partial<Record<ModuleID, readonly ResultName[]>> = {
  commands: ['CommandResult'],
  chargingprofiles: ['ActiveChargingProfileResult', 'ChargingProfileResult', 'ClearProfileResult'],
};

const isResult = (kind: Kept['callback']['kind']): kind is ResultName => kind in results;

function check(parts: RelayParts, posted: PostedResult, kept: { kind: ResultName; value: unknown }): void {
  const { platform: partner, module, name } = posted;
  const judgement = { findings: parts.findings, partner, module, example_id: name.slice(0, 8) };
  judgeWhole(judgement, results[kept.kind], asObject(kept.value));
}

/**
 * Delivers a result and answers what the one who asked answered.
 * @throws UnknownPath (unknown, expired, another platform's), Invalid, and the hub errors
 */
export async function relayResult(
  parts: RelayParts,
  posted: PostedResult,
  answeredBy: (sides: { from: Party; to: Party }) => void,
): Promise<Reply> {
  const { name, platform, correlation_id } = posted;
  const kept = await openKept(parts, { name, kinds: KINDS[posted.module] ?? [], platform });
  if (!kept || !isResult(kept.callback.kind)) return fail({ kind: 'UnknownPath', path: 'this response_url' });
  answeredBy(kept);
  checkFrom(platform, posted.from);
  const from = posted.from ?? kept.from;
  const { text, value } = await posted.body();
  check(parts, posted, { kind: kept.callback.kind, value });
  const to = receiverOf(parts.registry, kept.to);
  const message = { method: 'POST', url: kept.callback.url, body: text, from, to };
  return replyOf(await forward(parts, { ...message, correlation_id, mayBeEmpty: true }));
}
