import {
  elementsOf,
  isArrayText,
  stringValue,
  valueText,
  withMembers,
  withoutMembers,
} from '../../domain/json/json-text';
import { mergePatch } from '../../domain/json/merge-patch';
import { sameContent, sameJson } from '../../domain/json/same-json';
import type { StoredObject, Decision, Write } from '../../store/objects/types';
import { isOlder, STALE, type Outcome } from './decide';

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
  if (known && isOlder(last_updated, current.last_updated)) return STALE;
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

function append(old: string | undefined, given: string): string {
  const elements = old !== undefined && isArrayText(old) ? elementsOf(old) : [];
  for (const element of elementsOf(given)) {
    if (!elements.some((known) => sameJson(known, element))) elements.push(element);
  }
  return `[${elements.join(',')}]`;
}

/** PATCH: what is in the list `appended` is appended, and not doubled where it is there already (semantics 35). */
export function mergeObject(text: string, patch: string, appended: string | undefined): string {
  const given = appended === undefined ? undefined : valueText(patch, appended);
  if (appended === undefined || given === undefined) return mergePatch(text, patch);
  const merged = mergePatch(text, withoutMembers(patch, [appended]));
  if (given === 'null') return merged;
  const list = isArrayText(given) ? append(valueText(text, appended), given) : given;
  return list === '[]' ? merged : withMembers(merged, new Map([[appended, list]]));
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
