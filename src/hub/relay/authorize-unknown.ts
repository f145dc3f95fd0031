import { OcpiFailure } from '../../errors';
import { isLive, type Party } from '../../domain/party';
import { endpointOf, isConnected } from '../../domain/partner';
import { mayOwn } from '../../domain/visibility';
import type { Reply } from '../../ocpi/envelope';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { unknownObject } from '../objects/read';
import { moduleNaming } from './find-receiver';
import {
  type Asked,
  dataOf,
  forward,
  replyOf,
  type Answered,
  messageTo,
  receiverOf,
  type Receiver,
} from './forward';
import type { HubContext } from '../context';

/*
 * An authorize for a token that nobody pushed: the eMSPs whose policy is `authorize_unknown_tokens` are asked, all at
 * once. The first ALLOWED wins and ends the others; else the first answer that knows the token (BLOCKED, EXPIRED,
 * ...); else it is unknown: 2004 (semantics 29).
 */

/** The driver stands at the charge point. */
const AT_MOST_MS = 3000;

interface Known {
  answered: Answered;
  by: Receiver;
}

/** Those that are asked; never the platform that asks. */
function candidates(context: HubContext, tokens: OwnedModuleDescriptor, asked: Asked): Receiver[] {
  const fits = (party: Party): boolean => {
    const partner = party.partner === null ? undefined : context.registry.partner(party.partner);
    if (!partner || !partner.policies.authorize_unknown_tokens || !isConnected(partner)) return false;
    if (partner.id === asked.relayed.platform.id || !endpointOf(partner, tokens.identifier, 'SENDER'))
      return false;
    return isLive(party) && mayOwn(party, tokens);
  };
  return context.registry
    .parties()
    .filter(fits)
    .map((party) => receiverOf(context.registry, party));
}

function allowedOf(answered: Answered): string | undefined {
  const allowed = dataOf(answered)?.allowed;
  return typeof allowed === 'string' ? allowed : undefined;
}

async function ask(
  context: HubContext,
  asked: Asked,
  to: { by: Receiver; signal: AbortSignal },
): Promise<Known | undefined> {
  const timeoutMs = Math.min(AT_MOST_MS, context.config.forwardTimeoutMs);
  const message = { ...messageTo(asked.relayed, to.by), signal: to.signal, timeoutMs };
  try {
    const answered = await forward(context, message);
    return allowedOf(answered) === undefined ? undefined : { answered, by: to.by };
  } catch (error) {
    if (error instanceof OcpiFailure) return undefined;
    throw error;
  }
}

/** Resolves with the first ALLOWED at once, else with the first that knows the token when all have answered. */
async function firstOf(answers: readonly Promise<Known | undefined>[]): Promise<Known | undefined> {
  let first: Known | undefined;
  const allowed = answers.map(async (coming) => {
    const known = await coming;
    first ??= known;
    return known && allowedOf(known.answered) === 'ALLOWED'
      ? known
      : Promise.reject(new Error('not allowed'));
  });
  return Promise.any(allowed).catch(() => first);
}

/** Asks the eMSPs that answer for tokens that they did not push. @throws UnknownObject */
export async function authorizeUnknown(context: HubContext, asked: Asked): Promise<Reply> {
  const others = new AbortController();
  const { signal } = others;
  const tokens = moduleNaming(asked.request.namedBy);
  const receivers = candidates(context, tokens, asked);
  const known = await firstOf(receivers.map((by) => ask(context, asked, { by, signal })));
  others.abort();
  if (!known) return unknownObject(tokens, [asked.ids[0] ?? '']);
  return { ...replyOf(known.answered), sides: { from: known.by.party } };
}
