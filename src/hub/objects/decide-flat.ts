import { instantOf } from '../../domain/instants';
import type { Appended } from '../../ocpi/module';
import {
  elementsOf,
  isArrayText,
  stringValue,
  valueText,
  withMembers,
  withoutMembers,
} from '../../domain/json/json-text';
import { mergePatch } from '../../domain/json/merge-patch';
import { KnownElements } from '../../domain/json/known-elements';
import { sameContent } from '../../domain/json/same-json';
import type { StoredObject, Decision, Write } from '../../store/objects/types';
import { isOvertaken, STALE, type Outcome } from './decide';

/* Decisions on objects that are one text each: tariffs, sessions, tokens and CDRs. */

export interface FlatOptions {
  counterpart?: number | null;
  /** Nobody is to be told. */
  changes?: readonly [];
}

/** Of what was relayed: its receiver has it, and nobody else is concerned. */
export const TOLD_NOBODY = { changes: [] } as const;

/** Numbers of the party that gets a session or CDR, and of the owner of its cdr_token, where the hub knows it. */
export interface Concerned {
  receiver: number;
  owner: number | undefined;
}

/**
 * Who sees a session or CDR besides its CPO: who got it, but never in place of the owner of its cdr_token: an SCSP that
 * gets it too takes nothing away from the eMSP (semantics 28, 29, 31).
 */
export function counterpartOf({ receiver, owner }: Concerned, current: StoredObject): number {
  return current.exists && owner !== undefined && current.counterpart === owner ? owner : receiver;
}

/** Takes a whole new text, put or merged (semantics 35, 38). */
export function takeWhole(text: string, options: FlatOptions, current: StoredObject): Decision<Outcome> {
  const known = current.exists && !current.deleted;
  const last_updated = stringValue(text, 'last_updated') ?? '';
  if (known && isOvertaken(last_updated, current.last_updated, current.now)) return STALE;
  return {
    answer: known ? 'updated' : 'created',
    write: {
      last_updated,
      shown_last_updated: last_updated,
      text,
      changes: [null],
      ...options,
    },
  };
}

/** DELETE: a tombstone stays. */
export function deleteObject(current: StoredObject): Decision<Outcome> {
  return {
    answer: 'updated',
    write: {
      last_updated: current.last_updated,
      shown_last_updated: current.shown_last_updated,
      deleted: true,
      changes: [null],
    },
  };
}

const listOf = (text: string, member: string): string[] => {
  const list = valueText(text, member);
  return list !== undefined && isArrayText(list) ? elementsOf(list) : [];
};

const asList = (elements: readonly string[]): string => `[${elements.join(',')}]`;

/**
 * The stored elements and those given that are not among them, each once. Those that say the same have the same time:
 * only among these are texts brought into one form, each once.
 */
function append(stored: readonly string[], given: string, orderedBy: string): string[] {
  const all = [...stored];
  const known = new KnownElements(orderedBy);
  for (const element of stored) known.add(element);
  for (const element of elementsOf(given)) if (known.add(element)) all.push(element);
  return all;
}

/** In the order of their times; what has none comes first. */
function inOrder(elements: readonly string[], orderedBy: string): string[] {
  const timed = elements.map((text) => ({ text, at: instantOf(stringValue(text, orderedBy)) ?? 0 }));
  return timed.sort((a, b) => a.at - b.at).map(({ text }) => text);
}

/**
 * A PATCH that was overtaken: its fields are older than what is stored, but what it appends happened all the same. Its
 * elements are added in the order of their times.
 */
export function addOvertaken(text: string, patch: string, { member, orderedBy }: Appended): string {
  const given = valueText(patch, member);
  if (given === undefined || !isArrayText(given)) return text;
  const stored = listOf(text, member);
  const all = append(stored, given, orderedBy);
  if (all.length === stored.length) return text;
  return withMembers(text, new Map([[member, asList(inOrder(all, orderedBy))]]));
}

/** PATCH: what is in the list `appended` is appended, and not doubled where it is there already (semantics 35). */
export function mergeObject(text: string, patch: string, appended: Appended | undefined): string {
  const given = appended === undefined ? undefined : valueText(patch, appended.member);
  if (appended === undefined || given === undefined) return mergePatch(text, patch);
  const { member } = appended;
  const merged = mergePatch(text, withoutMembers(patch, [member]));
  if (given === 'null') return merged;
  const list = isArrayText(given) ? asList(append(listOf(text, member), given, appended.orderedBy)) : given;
  return list === '[]' ? merged : withMembers(merged, new Map([[member, list]]));
}

/**
 * What of a PATCH is checked: the object that it makes, with the elements of its own in the list that it appends to. Those
 * that are stored were checked when they came.
 */
export function textToCheck(
  text: string,
  patch: string,
  { appended, overtaken }: { appended: Appended | undefined; overtaken: boolean },
): string {
  if (appended === undefined) return mergePatch(text, patch);
  const { member } = appended;
  const rest = withoutMembers(text, [member]);
  return overtaken
    ? withMembers(rest, new Map([[member, valueText(patch, member)]]))
    : mergePatch(rest, patch);
}

/** Takes a whole text whatever is stored: an admin decided so, and its receiver has it. */
export function replaceWhole(text: string, counterpart: number, current: StoredObject): Decision<Outcome> {
  const last_updated = stringValue(text, 'last_updated') ?? '';
  return {
    answer: current.exists ? 'updated' : 'created',
    write: { last_updated, shown_last_updated: last_updated, text, counterpart, ...TOLD_NOBODY },
  };
}

export type CdrOutcome = 'created' | 'same' | 'other';

export type CdrOptions = FlatOptions & { concerned: Concerned; delivery: Write['delivery'] };

/**
 * POST of a CDR: a second identical one is acknowledged, one with other content refused (semantics 40). One that
 * only another party than the owner of its cdr_token has got becomes the owner's, with its delivery.
 */
export function takeCdr(text: string, options: CdrOptions, current: StoredObject): Decision<CdrOutcome> {
  const { concerned, ...rest } = options;
  const counterpart = counterpartOf(concerned, current);
  if (current.exists) {
    if (!sameContent(text, current.text)) return { answer: 'other' };
    if (current.counterpart === counterpart || counterpart !== concerned.owner) return { answer: 'same' };
    const { last_updated: own, shown_last_updated: shown } = current;
    return {
      answer: 'same',
      write: { last_updated: own, shown_last_updated: shown, changes: [null], ...rest, counterpart },
    };
  }
  const last_updated = stringValue(text, 'last_updated') ?? '';
  return {
    answer: 'created',
    write: {
      last_updated,
      shown_last_updated: last_updated,
      text,
      changes: [null],
      ...rest,
      counterpart,
    },
  };
}
