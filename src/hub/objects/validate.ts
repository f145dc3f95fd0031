import { sameCiString } from '../../domain/ci-string';
import { isFields, type Fields } from '../../domain/json/fields';
import { fail } from '../../errors';
import type { Partner } from '../../domain/partner';
import { dateTimeWords, instantOf } from '../../domain/instants';
import { checkOf, finding, misspeltIn, wildcard, type DtoClass, type Finding } from '../../ocpi/check';
import type { Level } from '../../ocpi/module';
import { isAhead } from './decide';
import type { Incoming } from './incoming';
import type { Findings } from '../../store/findings';

/*
 * Checks objects under a partner's policy (semantics, Tolerance). strict: a finding is a refusal. lenient: only
 * what the hub cannot work without is refused (checkEssentials), the rest is stored and counted.
 */

export interface ValidationContext {
  findings: Findings;
  partner: Partner;
  /** The identifier of its module. */
  module: string;
  /** Named beside the finding, so that a partner can look one up. */
  example_id: string;
}

const MESSAGES_SHOWN = 20;

/** Several findings as one status_message. */
export function statusMessageOf(findings: readonly Finding[]): string {
  const shown = findings.slice(0, MESSAGES_SHOWN).map((f) => f.message);
  const more = findings.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}

/** Refuses or records what a check found. @throws Invalid */
export function refuseOrRecord(validation: ValidationContext, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  if (validation.partner.policies.validation === 'strict')
    fail({ kind: 'Invalid', message: statusMessageOf(findings) });
  record(validation, findings);
}

function record(
  { findings, partner, module, example_id }: ValidationContext,
  found: readonly Finding[],
): void {
  const items = found.map((f) => ({ path: wildcard(f.path), rule: f.rule, example_id }));
  findings.record(partner.id, module, items);
}

/** Checks a whole object; a field that is probably misspelt is no fault by itself. @throws Invalid */
export function validate(validation: ValidationContext, dto: DtoClass, value: unknown): void {
  const found = checkOf(dto)(value);
  const misspelt = misspeltIn(dto, value);
  if (found.length > 0) refuseOrRecord(validation, [...found, ...misspelt]);
  else if (misspelt.length > 0) record(validation, misspelt);
}

const topKey = (path: string): string => /^\$\.([^.[]+)/.exec(path)?.[1] ?? '';

/**
 * Checks what a PATCH makes of an object, as far as the PATCH touches it: an old fault elsewhere must not hold back a
 * status.
 * @throws Invalid
 */
export function validateMerged(
  validation: ValidationContext,
  dto: DtoClass,
  merged: { text: string; touched: ReadonlySet<string> },
): void {
  const findings = checkOf(dto)(JSON.parse(merged.text));
  if (findings.length === 0) return;
  refuseOrRecord(
    validation,
    findings.filter((f) => f.path === '$' || merged.touched.has(topKey(f.path))),
  );
}

/** @throws Invalid unless the value is a JSON object. */
export function asObject(value: unknown): Fields {
  return isFields(value) ? value : fail({ kind: 'Invalid', message: '$: must be an object' });
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Control characters in an id are refused by both policies. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !CONTROL.test(value);
}

/** What a field must equal: an id or party of the URL, compared as CiString. */
export interface Expected {
  field: string;
  value: string;
  /** A PATCH may leave it out. */
  optional: boolean;
}

/** What the body must say of itself as the URL does: id and owner. */
export function identity(incoming: Incoming, optional: boolean): Expected[] {
  return [
    { field: incoming.module.idField, value: incoming.ids[0] ?? '', optional },
    { field: 'country_code', value: incoming.owner.country_code, optional },
    { field: 'party_id', value: incoming.owner.party_id, optional },
  ];
}

const AHEAD = 'must not be more than 10 minutes ahead of the clock of the hub';

function aheadFindings(
  value: unknown,
  path: string,
  at: { levels: readonly Level[]; now: number },
): Finding[] {
  if (!isFields(value)) return [];
  const { last_updated } = value;
  const ahead = typeof last_updated === 'string' && isAhead(last_updated, at.now);
  const [level, ...levels] = at.levels;
  const elements: unknown = level && value[level.member];
  const below = Array.isArray(elements)
    ? elements.flatMap((element, i) =>
        aheadFindings(element, `${path}.${level?.member}[${i}]`, { levels, now: at.now }),
      )
    : [];
  return ahead ? [finding(`${path}.last_updated`, AHEAD), ...below] : below;
}

/**
 * A last_updated that lies ahead of the hub's clock is a wrong clock at its sender: strict refuses it, lenient records it.
 * @param now the hub's clock, in microseconds
 * @throws Invalid
 */
export function checkClock(
  validation: ValidationContext,
  { module, ids, body }: Incoming,
  now: number,
): void {
  const levels = module.levels.slice(Math.max(0, ids.length - 1));
  refuseOrRecord(validation, aheadFindings(body.value, '$', { levels, now }));
}

/** What the hub cannot work without, under either policy. @throws Invalid naming path and rule */
export function checkEssentials(fields: Fields, expected: readonly Expected[]): void {
  for (const { field, value, optional } of expected) {
    const given = fields[field];
    if (given === undefined && optional) continue;
    if (!isId(given))
      fail({ kind: 'Invalid', message: `$.${field}: must be given as a string without control characters` });
    if (!sameCiString(given, value)) {
      fail({ kind: 'Invalid', message: `$.${field}: must equal ${JSON.stringify(value)} of the URL` });
    }
  }
  const { last_updated } = fields;
  if (instantOf(last_updated) === undefined) {
    const isMissing = last_updated === undefined || last_updated === null;
    const rule = isMissing ? 'is required' : `must be ${dateTimeWords(last_updated)}`;
    fail({ kind: 'Invalid', message: `$.last_updated: ${rule}` });
  }
}
