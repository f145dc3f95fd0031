import { instantOf } from '../../domain/instants';
import type { Party } from '../../domain/party';
import { fold } from '../objects/decide';
import { dataOf, type Answered } from './forward';
import type { RelayParts } from './parts';
import type { Asked } from './request';

/*
 * What an answer to a command or charging profile tells: how long its result may come (HUB-SEMANTICS 26), who holds a
 * reservation now, who set the profile of a session (29). It is stored before the answer is passed on.
 */

/** How long a result may come where the answer was lost. */
export const UNANSWERED_S = 15 * 60;
/** Results travel too, and clocks differ. */
const MARGIN_S = 60;
const NO_TIMEOUT_S = 300;
const LONGEST_S = 24 * 3600;
/** A session that lasts longer is found by OCPI-to. */
const PROFILE_SETTER_MS = 90 * 24 * 3600 * 1000;
/** The last moment that PostgreSQL and JavaScript agree about, for expiry dates of year 9999. */
const LATEST_MS = Date.UTC(9999, 11, 31);

export interface Sent {
  asked: Asked;
  /** Who answered. */
  receiver: Party;
  /** Of the hub's URL. */
  name: string;
  fields: Record<string, unknown> | undefined;
}

export interface Learnt extends Sent {
  answered: Answered;
}

function resultOf(answered: Answered): { accepted: boolean; timeout: number | undefined } {
  const { result, timeout } = dataOf(answered) ?? {};
  return { accepted: result === 'ACCEPTED', timeout: typeof timeout === 'number' ? timeout : undefined };
}

function expiryOf(fields: Learnt['fields']): Date | null {
  const instant = instantOf(fields?.expiry_date);
  return instant === undefined ? null : new Date(Math.min(instant / 1000, LATEST_MS));
}

/** Seconds that the hub's URL stays open: the answered timeout and a margin. */
function openFor(timeout: number | undefined): number {
  return Math.min(Math.max(timeout ?? NO_TIMEOUT_S, 0), LONGEST_S) + MARGIN_S;
}

/**
 * Stores what an answer tells; what a later request needs is stored when this resolves, an expiry soon after: until
 * then that of a request without an answer holds. A failure is logged: the answer is passed on all the same.
 */
export async function learn(parts: RelayParts, learnt: Learnt): Promise<void> {
  const { asked, answered, name, fields } = learnt;
  const { accepted, timeout } = resultOf(answered);
  const reserved = accepted && asked.command === 'RESERVE_NOW' ? expiryOf(fields) : null;
  const kept = logged(parts, parts.callbacks.keep(name, { seconds: openFor(timeout), notBefore: reserved }));
  if (reserved) await Promise.all([kept, logged(parts, rememberReservation(parts, learnt, reserved))]);
  if (accepted && asked.request.result === 'ChargingProfileResult')
    await logged(parts, rememberSetter(parts, learnt));
}

/** The answer to a RESERVE_NOW was lost: its receiver may hold the reservation all the same, until its expiry_date. */
export async function learnOfSilence(parts: RelayParts, sent: Sent): Promise<void> {
  const until = sent.asked.command === 'RESERVE_NOW' ? expiryOf(sent.fields) : null;
  if (!until) return;
  const kept = parts.callbacks.keep(sent.name, { seconds: UNANSWERED_S, notBefore: until });
  await Promise.all([logged(parts, kept), logged(parts, rememberReservation(parts, sent, until))]);
}

function logged(parts: RelayParts, storing: Promise<void>): Promise<void> {
  return storing.catch((error: unknown) =>
    parts.log.warn({ err: error }, 'what an answer tells was not stored'),
  );
}

async function rememberReservation(parts: RelayParts, learnt: Sent, until: Date): Promise<void> {
  const id = learnt.fields?.reservation_id;
  if (typeof id !== 'string') return;
  const party = learnt.asked.relayed.sender.number;
  await parts.knownRoutes.remember(
    { kind: 'reservation', party, subject: fold(id) },
    learnt.receiver.number,
    until,
  );
}

async function rememberSetter(parts: RelayParts, learnt: Learnt): Promise<void> {
  const subject = fold(learnt.asked.ids[0] ?? '');
  await parts.knownRoutes.remember(
    { kind: 'profile setter', party: learnt.receiver.number, subject },
    learnt.asked.relayed.sender.number,
    new Date(Date.now() + PROFILE_SETTER_MS),
  );
}
