import { instantOf } from '../../domain/instants';
import type { Party } from '../../domain/party';
import { fold } from '../../domain/ci-string';
import { dataOf, type Answered, type Asked } from './forward';
import type { HubContext } from '../context';
import { UNANSWERED_S } from './response-url';

/*
 * What an answer to a command or charging profile tells: how long its result may come (semantics 26), who holds a
 * reservation now, who set the profile of a session (semantics 29). It is stored before the answer is passed on.
 */

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
export async function learnFromAnswer(context: HubContext, learnt: Learnt): Promise<void> {
  const { asked, answered, name, fields } = learnt;
  const { accepted, timeout } = resultOf(answered);
  const reserved = accepted && asked.command === 'RESERVE_NOW' ? expiryOf(fields) : null;
  const kept = logged(
    context,
    context.proxiedUrls.keep(name, { seconds: openFor(timeout), notBefore: reserved }),
  );
  if (reserved) await Promise.all([kept, logged(context, rememberReservation(context, learnt, reserved))]);
  if (accepted && asked.request.result === 'ChargingProfileResult')
    await logged(context, rememberSetter(context, learnt));
}

/** The answer to a RESERVE_NOW was lost: its receiver may hold the reservation all the same, until its expiry_date. */
export async function learnFromSilence(context: HubContext, sent: Sent): Promise<void> {
  const until = sent.asked.command === 'RESERVE_NOW' ? expiryOf(sent.fields) : null;
  if (!until) return;
  const kept = context.proxiedUrls.keep(sent.name, { seconds: UNANSWERED_S, notBefore: until });
  await Promise.all([logged(context, kept), logged(context, rememberReservation(context, sent, until))]);
}

function logged(context: HubContext, storing: Promise<void>): Promise<void> {
  return storing.catch((error: unknown) =>
    context.log.warn({ err: error }, 'what an answer tells was not stored'),
  );
}

async function rememberReservation(context: HubContext, learnt: Sent, until: Date): Promise<void> {
  const id = learnt.fields?.reservation_id;
  if (typeof id !== 'string') return;
  const party = learnt.asked.relayed.sender.number;
  await context.knownRoutes.remember(
    { kind: 'reservation', party, subject: fold(id) },
    learnt.receiver.number,
    until,
  );
}

async function rememberSetter(context: HubContext, learnt: Learnt): Promise<void> {
  const subject = fold(learnt.asked.ids[0] ?? '');
  await context.knownRoutes.remember(
    { kind: 'profile setter', party: learnt.receiver.number, subject },
    learnt.asked.relayed.sender.number,
    new Date(Date.now() + PROFILE_SETTER_MS),
  );
}
