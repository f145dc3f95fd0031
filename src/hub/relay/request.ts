import { fail, isFailure } from '../../errors';
import type { Party } from '../../domain/party';
import type { NamedBy, RequestDescriptor, ResultName } from '../../ocpi/module';
import type { Reply } from '../../ocpi/envelope';
import { asObject, judgeWhole } from '../objects/validate';
import { authorizeUnknown } from './authorize-unknown';
import { findReceiver, nothingMatches } from './find-receiver';
import { replyOf, relayTo, type Relayed, receiverOf, type Receiver } from './forward';
import { learn, learnOfSilence } from './learn-from-answer';
import type { RelayParts } from './parts';
import { responseUrlOf, withHubUrl } from './response-url';

/*
 * Requests: commands, charging profiles, charging_preferences, authorize. The hub checks them before they go out
 * (HUB-SEMANTICS 20a), finds whom they are for where OCPI-to does not say (29), and puts a URL of its own in place of
 * their response_url (26).
 */

export interface Asked {
  relayed: Relayed;
  request: RequestDescriptor;
  /** The body as read; undefined: there is none. */
  body: unknown;
  /** URL segments below the endpoint. */
  ids: readonly string[];
  /** `?type=` of a token. */
  type: string | undefined;
  /** Of the commands: which. */
  command: string | undefined;
  /** Whom OCPI-to names, if it names a party. */
  receiver: Receiver | undefined;
  /** Told as soon as it is known whose answer this will be. */
  answeredBy(party: Party): void;
}

type Fields = Record<string, unknown> | undefined;

/** @throws Invalid naming path and rule */
function checkBody(parts: RelayParts, asked: Asked): Fields {
  const { request, body, relayed, ids } = asked;
  if (request.body === undefined || body === undefined) return undefined;
  const fields = asObject(body);
  const judgement = { findings: parts.findings, partner: relayed.platform, module: relayed.module };
  judgeWhole({ ...judgement, example_id: ids[0] ?? '' }, request.body, fields);
  return fields;
}

/** The field that names it, where the URL does not. */
const NAMING_FIELDS: Record<NamedBy, string> = {
  token: 'token_uid',
  location: 'location_id',
  session: 'session_id',
  reservation: 'reservation_id',
  'profile setter': 'session_id',
};

/** By what open routing finds its receiver: a segment of the URL, else a field. @throws Invalid */
function namedId(asked: Asked, fields: Fields): string {
  if (asked.ids[0] !== undefined) return asked.ids[0];
  const field = NAMING_FIELDS[asked.request.namedBy];
  const id = fields?.[field];
  return typeof id === 'string' && id !== ''
    ? id
    : fail({ kind: 'Invalid', message: `$.${field}: must be given as a string` });
}

async function receiverFor(parts: RelayParts, asked: Asked, fields: Fields): Promise<Receiver | undefined> {
  const { request, relayed, type } = asked;
  const id = namedId(asked, fields);
  const party = await findReceiver(parts, request.namedBy, { sender: relayed.sender, id, type });
  if (!party) return request.namedBy === 'token' ? undefined : nothingMatches(request.namedBy, id);
  asked.answeredBy(party);
  return receiverOf(parts.registry, party);
}

/**
 * Checks a request, sends it to the one that it is for and answers what that one answered.
 * @throws Invalid, UnknownLocation, UnknownToken, UnknownReceiver, SeveralReceivers, and the hub errors
 */
export async function relayRequest(parts: RelayParts, asked: Asked): Promise<Reply> {
  const fields = checkBody(parts, asked);
  const url = responseUrlOf(parts, asked.request, { fields, search: asked.relayed.search });
  checkDuration(asked);
  const receiver = asked.receiver ?? (await receiverFor(parts, asked, fields));
  if (!receiver) return authorizeUnknown(parts, asked);
  const { result } = asked.request;
  if (result === undefined || url === undefined)
    return replyOf(await relayTo(parts, asked.relayed, receiver));
  return relayWithResult(parts, asked, { receiver, result, url, fields });
}

/** The result will come to a URL of the hub, which is stored before the request goes out. */
async function relayWithResult(
  parts: RelayParts,
  asked: Asked,
  to: { receiver: Receiver; result: ResultName; url: string; fields: Fields },
): Promise<Reply> {
  const { relayed, name } = await withHubUrl(parts, asked.relayed, to);
  const sent = { asked, receiver: to.receiver.party, name, fields: to.fields };
  const answered = await relayTo(parts, relayed, to.receiver).catch(async (error: unknown) => {
    if (isFailure(error, 'ReceiverTimeout')) await learnOfSilence(parts, sent);
    throw error;
  });
  await learn(parts, { ...sent, answered });
  return replyOf(answered);
}

/** GET of an ActiveChargingProfile needs the length that is asked for (mod_charging_profiles). @throws Invalid */
function checkDuration({ request, relayed }: Asked): void {
  if (request.result !== 'ActiveChargingProfileResult') return;
  const duration = new URLSearchParams(relayed.search).get('duration');
  if (duration === null || !/^\d{1,15}$/.test(duration))
    fail({ kind: 'Invalid', message: 'duration: must be given as a whole number of seconds' });
}
