import { answeredBy, fail, isFailure } from '../../errors';
import type { Party } from '../../domain/party';
import type { ResultName } from '../../ocpi/module';
import type { Reply } from '../../ocpi/envelope';
import { asObject, validate } from '../objects/validate';
import { authorizeUnknown } from './authorize-unknown';
import { findReceiver, nothingMatches } from './find-receiver';
import { replyOf, relayTo, receiverOf, type Receiver, type Asked } from './forward';
import { learnFromAnswer, learnFromSilence } from './learn-from-answer';
import type { HubContext } from '../context';
import { responseUrlOf, withHubUrl } from './response-url';

/*
 * Requests: commands, charging profiles, charging_preferences, authorize. The hub checks them before they go out
 * (semantics 20a), finds whom they are for where OCPI-to does not say (semantics 29), and puts a URL of its own in
 * place of their response_url (semantics 26).
 */

type Fields = Record<string, unknown> | undefined;

/** @throws Invalid naming path and rule */
function checkBody(context: HubContext, asked: Asked): Fields {
  const { request, body, relayed, ids } = asked;
  if (request.body === undefined || body === undefined) return undefined;
  const fields = asObject(body);
  const validation = { findings: context.findings, partner: relayed.platform, module: relayed.module };
  validate({ ...validation, example_id: ids[0] ?? '' }, request.body, fields);
  return fields;
}

/** By what open routing finds its receiver: a segment of the URL, else a field. @throws Invalid */
function namedId(asked: Asked, fields: Fields): string {
  if (asked.ids[0] !== undefined) return asked.ids[0];
  const field = asked.request.namedIn ?? '';
  const id = fields?.[field];
  return typeof id === 'string' && id !== ''
    ? id
    : fail({ kind: 'Invalid', message: `$.${field}: must be given as a string` });
}

/** The party that open routing finds; undefined: a token that nobody pushed. */
async function partyFor(context: HubContext, asked: Asked, fields: Fields): Promise<Party | undefined> {
  const { request, relayed, type } = asked;
  const id = namedId(asked, fields);
  const party = await findReceiver(context, request.namedBy, { sender: relayed.sender, id, type });
  return party ?? (request.namedBy === 'token' ? undefined : nothingMatches(request.namedBy, id));
}

/**
 * Checks a request, sends it to the one that it is for and answers what that one answered.
 * @throws Invalid, UnknownLocation, UnknownToken, UnknownReceiver, SeveralReceivers, and the hub errors
 */
export async function relayRequest(context: HubContext, asked: Asked): Promise<Reply> {
  const fields = checkBody(context, asked);
  const url = responseUrlOf(context, asked.request, { fields, search: asked.relayed.search });
  checkDuration(asked);
  const send = (receiver: Receiver): Promise<Reply> => sendRequest(context, asked, { receiver, url, fields });
  if (asked.receiver) return send(asked.receiver);
  const party = await partyFor(context, asked, fields);
  if (!party) return authorizeUnknown(context, asked);
  return answeredBy({ from: party }, async () => send(receiverOf(context.registry, party)));
}

async function sendRequest(
  context: HubContext,
  asked: Asked,
  to: { receiver: Receiver; url: string | undefined; fields: Fields },
): Promise<Reply> {
  const { result } = asked.request;
  const { url } = to;
  if (result === undefined || url === undefined)
    return replyOf(await relayTo(context, asked.relayed, to.receiver));
  return relayWithResult(context, asked, { ...to, result, url });
}

/** The result will come to a URL of the hub, which is stored before the request goes out. */
async function relayWithResult(
  context: HubContext,
  asked: Asked,
  to: { receiver: Receiver; result: ResultName; url: string; fields: Fields },
): Promise<Reply> {
  const { relayed, name } = await withHubUrl(context, asked.relayed, to);
  const sent = { asked, receiver: to.receiver.party, name, fields: to.fields };
  const answered = await relayTo(context, relayed, to.receiver).catch(async (error: unknown) => {
    if (isFailure(error, 'ReceiverTimeout')) await learnFromSilence(context, sent);
    throw error;
  });
  await learnFromAnswer(context, { ...sent, answered });
  return replyOf(answered);
}

/** GET of an ActiveChargingProfile needs the length that is asked for (mod_charging_profiles). @throws Invalid */
function checkDuration({ request, relayed }: Asked): void {
  if (request.result !== 'ActiveChargingProfileResult') return;
  const duration = new URLSearchParams(relayed.search).get('duration');
  if (duration === null || !/^\d{1,15}$/.test(duration))
    fail({ kind: 'Invalid', message: 'duration: must be given as a whole number of seconds' });
}
