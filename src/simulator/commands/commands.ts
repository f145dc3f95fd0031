import { methodNotAllowed, notFound, refuse } from '../http/replies';
import { asObject, asText, type JsonObject } from '../json';
import { findObject, ownerOf } from '../objects/keys';
import { evseOf } from '../objects/merge';
import { partyOf, sameParty } from '../platform/parties';
import type { PlatformState } from '../platform/platform-state';
import type { ReceivedRequest, Reply } from '../types';
import { answerLater, type Finding } from './answer-later';
import { commandType, faultOf, type CommandType } from './command-objects';

/** The Receiver interface of commands: an answer at once, the CommandResult later (mod_commands). */
export async function serveCommand(state: PlatformState, request: ReceivedRequest): Promise<Reply> {
  const [segment, ...below] = request.segments;
  const kind = commandType(segment);
  if (kind === undefined || below.length > 0) return notFound('No such command');
  if (request.method !== 'POST') return methodNotAllowed();
  if (request.json === undefined) return refuse(2001, 'Not JSON', 400);
  const fault = faultOf(kind, request.json);
  if (fault !== undefined) return refuse(2001, fault);
  const body = asObject(request.json);
  const finding = state.strict ? judge(state, kind, { body, request }) : accepted();
  return answerLater(state, { kind, request, responseUrl: asText(body['response_url']) }, finding);
}

interface Command {
  body: JsonObject;
  request: ReceivedRequest;
}

const accepted = (result = 'ACCEPTED'): Finding => ({ response: 'ACCEPTED', result: { result } });
const REJECTED: Finding = { response: 'REJECTED' };
const UNKNOWN_LOCATION: Finding = { response: 'REJECTED', status_code: 2003 };

/** What a CPO that knows its locations, sessions and reservations finds. */
function judge(state: PlatformState, kind: CommandType, command: Command): Finding {
  switch (kind) {
    case 'START_SESSION':
    case 'UNLOCK_CONNECTOR':
      return judgePlace(state, command);
    case 'RESERVE_NOW':
      return reserve(state, command);
    case 'CANCEL_RESERVATION':
      return cancel(state, command);
    case 'STOP_SESSION':
      return judgeStop(state, command);
  }
}

function judgePlace(state: PlatformState, { body }: Command): Finding {
  const id = asText(body['location_id']);
  const location = findObject(state.owned, 'locations', id);
  if (location === undefined) return UNKNOWN_LOCATION;
  const uid = body['evse_uid'];
  return uid === undefined || evseOf(location, asText(uid)) !== undefined ? accepted() : REJECTED;
}

function reserve(state: PlatformState, command: Command): Finding {
  const finding = judgePlace(state, command);
  if (finding.response === 'ACCEPTED') state.reservations.set(reservationKey(command), command.body);
  return finding;
}

function cancel(state: PlatformState, command: Command): Finding {
  const known = state.reservations.delete(reservationKey(command));
  return accepted(known ? 'ACCEPTED' : 'UNKNOWN_RESERVATION');
}

/** Reservation ids of two eMSPs never meet (mod_commands, ReserveNow). */
function reservationKey({ body, request }: Command): string {
  const { country_code = '', party_id = '' } = partyOf(request, 'from') ?? {};
  return `${country_code}/${party_id}/${asText(body['reservation_id'])}`.toUpperCase();
}

function judgeStop(state: PlatformState, { body, request }: Command): Finding {
  const session = findObject(state.owned, 'sessions', asText(body['session_id']));
  if (session === undefined) return { response: 'UNKNOWN_SESSION' };
  const from = partyOf(request, 'from');
  const others = from !== undefined && !sameParty(from, ownerOf(asObject(session['cdr_token'])));
  return others || session['status'] === 'COMPLETED' ? REJECTED : accepted();
}
