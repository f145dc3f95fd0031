import { answeredBy, fail } from '../../errors';
import { withValue } from '../../domain/json/json-text';
import { findResponseUrl, withResponseUrl } from '../../domain/relay/response-url';
import { resultsOf, type ModuleDescriptor, type RequestDescriptor, type ResultName } from '../../ocpi/module';
import { url as isUrl } from '../../ocpi/check/scalar';
import { endpointUrl } from '../../ocpi/urls';
import { type Relayed, type Receiver, forward, replyOf, receiverOf } from './forward';
import type { HubContext } from '../context';
import type { PartyId } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { Reply } from '../../ocpi/envelope';
import { versionOf } from '../../ocpi/versions';
import { asObject, validate } from '../objects/validate';
import { checkFrom } from '../sender';
import { openProxiedUrl, type OpenedUrl } from './proxied-url';

/*
 * The receiver gets a URL of the hub in place of the sender's response_url (semantics 26): it has no token of the
 * sender's. It is stored before the request goes out, since a result can come before the answer.
 */

/** How long a result may come where the answer was lost. */
export const UNANSWERED_S = 15 * 60;

/** The sender's response_url. @throws Invalid naming the field and the rule */
export function responseUrlOf(
  context: HubContext,
  request: RequestDescriptor,
  asked: { fields: Record<string, unknown> | undefined; search: string },
): string | undefined {
  if (request.result === undefined) return undefined;
  const inQuery = request.body === undefined;
  const value = inQuery ? findResponseUrl(asked.search)?.value : asked.fields?.response_url;
  const field = inQuery ? 'response_url' : '$.response_url';
  if (typeof value !== 'string' || !isUrl.test(value))
    return fail({ kind: 'Invalid', message: `${field}: must be ${isUrl.words}` });
  const refusal = context.partnerClient.refusalOf(value);
  return refusal === undefined ? value : fail({ kind: 'Invalid', message: `${field}: ${refusal}` });
}

/** The request with the hub's URL in it, which is stored by then, and that URL's name. */
export async function withHubUrl(
  context: HubContext,
  relayed: Relayed,
  to: { receiver: Receiver; result: ResultName; url: string },
): Promise<{ relayed: Relayed; name: string }> {
  const name = await context.proxiedUrls.handOut(
    {
      kind: to.result,
      partner_id: to.receiver.partner.id,
      target_partner: relayed.platform.id,
      from_party: to.receiver.party.number,
      to_party: relayed.sender.number,
      url: to.url,
      expiresInS: UNANSWERED_S,
    },
    context.proxiedUrls.newName(),
  );
  const version = versionOf(to.receiver.partner);
  const at = { version, module: relayed.module, interface: 'SENDER' } as const;
  const endpoint = endpointUrl(context.config.publicUrl, at);
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
 * FROM the CPO, TO the eMSP, before the CPO gets its answer (mod_commands, Sender POST; semantics 26). It may come
 * more than once: a CPO cancels a reservation by the same URL.
 */

export interface PostedResult {
  name: string;
  module: ModuleDescriptor;
  platform: Partner;
  from: PartyId | undefined;
  correlation_id: string;
  body(): Promise<{ text: string; value: unknown }>;
}

/** What a URL that was handed out for this module's requests takes. */
const resultAt = ({ proxied }: OpenedUrl, module: ModuleDescriptor): ResultName | undefined =>
  resultsOf(module).find((name) => name === proxied.kind);

function check(
  context: HubContext,
  posted: PostedResult,
  result: { name: ResultName; value: unknown },
): void {
  const { platform: partner, module, name } = posted;
  const { identifier } = module;
  const of = { partner, module: identifier, example_id: name.slice(0, 8) };
  validate(
    { findings: context.findings, ...of },
    versionOf(partner).results[result.name],
    asObject(result.value),
  );
}

/**
 * Delivers a result and answers what the one who asked answered.
 * @throws UnknownHandOut (unknown, expired, another platform's), Invalid, and the hub errors
 */
export async function relayResult(context: HubContext, posted: PostedResult): Promise<Reply> {
  const { name, platform } = posted;
  const opened = await openProxiedUrl(context, { name, kinds: resultsOf(posted.module), platform });
  const kind = opened && resultAt(opened, posted.module);
  if (!kind) return fail({ kind: 'UnknownHandOut', what: 'response_url' });
  return answeredBy({ from: opened.to, to: opened.from }, () =>
    postResult(context, posted, { opened, kind }),
  );
}

async function postResult(
  context: HubContext,
  posted: PostedResult,
  { opened, kind }: { opened: OpenedUrl; kind: ResultName },
): Promise<Reply> {
  checkFrom(posted.platform, posted.from);
  const from = posted.from ?? opened.from;
  const { text, value } = await posted.body();
  check(context, posted, { name: kind, value });
  const to = receiverOf(context.registry, opened.to);
  const message = { method: 'POST', url: opened.proxied.url, body: text, from, to };
  const { correlation_id } = posted;
  return replyOf(await forward(context, { ...message, correlation_id, mayBeEmpty: true }));
}
