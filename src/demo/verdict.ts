import { asText, at, keyOf, objectsOf, sameJson, type Json, type JsonObject } from '../simulator';
import type { Cast } from './cast';
import type { Partner } from './partner';

const FOR_EMSP = ['locations', 'tariffs', 'sessions', 'cdrs'];

/** Modules that a partner receives. */
function modulesFor(cast: Cast, partner: Partner): string[] {
  return cast.emsps.some((emsp) => emsp === partner) ? FOR_EMSP : ['tokens'];
}

/** What a partner must hold of a module: of the others all, of sessions and CDRs those of its own tokens. */
function expectedFor(cast: Cast, partner: Partner, module: string): Map<string, JsonObject> {
  const others: Partner[] = module === 'tokens' ? cast.emsps : cast.cpos;
  const objects = others.flatMap((other) => objectsOf(other.expected.objects, module));
  const visible = objects.filter((object) => object['cdr_token'] === undefined || isOf(partner, object));
  return byKey(module, visible);
}

function isOf(partner: Partner, object: JsonObject): boolean {
  const owner = `${asText(at(object, 'cdr_token', 'country_code'))}/${asText(at(object, 'cdr_token', 'party_id'))}`;
  return partner.platform.parties.some((party) => `${party.country_code}/${party.party_id}` === owner);
}

function byKey(module: string, objects: JsonObject[]): Map<string, JsonObject> {
  return new Map(objects.map((object) => [keyOf(module, object), object]));
}

/** What was pushed to a partner, against what must have been. */
function compareStored(cast: Cast, partner: Partner): Difference[] {
  return modulesFor(cast, partner).map((module) => {
    const prefix = `${module}/`;
    const held = new Map<string, Json>(
      [...partner.platform.stored].filter(([key]) => key.startsWith(prefix)),
    );
    return compare(expectedFor(cast, partner, module), held);
  });
}

/** What a partner gets by GET All, against what it must get. */
async function compareListed(cast: Cast, partner: Partner): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const module of modulesFor(cast, partner)) {
    const { objects, totals } = await partner.platform.listAll(module, { date_from: '1970-01-01T00:00:00Z' });
    const difference = compare(expectedFor(cast, partner, module), byKey(module, objects));
    if (totals.some((total) => total !== objects.length))
      difference.different.push(`X-Total-Count of ${module}`);
    differences.push(difference);
  }
  return differences;
}

/** Does everybody hold what was pushed to it? */
export function allStored(cast: Cast): boolean {
  return [...cast.cpos, ...cast.emsps].every((partner) => compareStored(cast, partner).every(isSame));
}

/** 'yes', or what differs: in the pushes received, and in what GET All gives. */
export async function verdictOn(cast: Cast, partner: Partner): Promise<string> {
  const pushes = compareStored(cast, partner).filter((difference) => !isSame(difference));
  const lists = (await compareListed(cast, partner)).filter((difference) => !isSame(difference));
  if (pushes.length + lists.length === 0) return 'yes';
  const parts = [
    ...pushes.map((difference) => `pushed: ${describe(difference)}`),
    ...lists.map((difference) => `GET All: ${describe(difference)}`),
  ];
  return `no, ${parts.join('; ')}`;
}

/** How what somebody holds differs from what it must hold. */
interface Difference {
  missing: string[];
  extra: string[];
  different: string[];
}

/** Compares by key and, deeply, by value. A location without EVSEs may be written with an empty list or without one. */
function compare(expected: ReadonlyMap<string, Json>, held: ReadonlyMap<string, Json>): Difference {
  const difference: Difference = { missing: [], extra: [], different: [] };
  for (const [key, object] of expected) {
    const other = held.get(key);
    if (other === undefined) difference.missing.push(key);
    else if (!sameJson(comparable(object), comparable(other))) difference.different.push(key);
  }
  for (const key of held.keys()) if (!expected.has(key)) difference.extra.push(key);
  return difference;
}

function comparable(object: Json): Json {
  if (object === null || typeof object !== 'object' || Array.isArray(object)) return object;
  const evses = object['evses'];
  const none = evses === null || (Array.isArray(evses) && evses.length === 0);
  return none ? withoutEvses(object) : object;
}

function withoutEvses(object: JsonObject): JsonObject {
  const { evses: _none, ...rest } = object;
  return rest;
}

/** Is there no difference? */
function isSame({ missing, extra, different }: Difference): boolean {
  return missing.length + extra.length + different.length === 0;
}

/** A difference in a few words, with one example of each kind. */
function describe(difference: Difference): string {
  const kinds = Object.entries(difference).filter(([, keys]: [string, string[]]) => keys.length > 0);
  return kinds
    .map(([kind, keys]: [string, string[]]) => `${keys.length} ${kind} (${keys[0] ?? ''})`)
    .join(', ');
}

/** A partner and whether it holds what it must. */
export interface Row {
  partner: Partner;
  verdict: string;
}

const HEAD = ['partner', 'role', 'sent', 'accepted', 'refused', 'received', 'in sync'];

/** The result as text: a line per partner, and below it why the hub refused what. */
export function table(rows: Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const text = lines.map((line) =>
    line.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '),
  );
  return [...text.map((line) => line.trimEnd()), ...rows.flatMap(({ partner }) => reasons(partner))].join(
    '\n',
  );
}

function cells({ partner, verdict }: Row): string[] {
  const { name, platform, sent, accepted } = partner;
  const role = platform.parties[0]?.role ?? '';
  return [name, role, ...[sent, accepted, sent - accepted, platform.received.length].map(String), verdict];
}

/** Numbers stand to the right. */
function pad(cell: string, width: number, column: number): string {
  return column >= 2 && column <= 5 ? cell.padStart(width) : cell.padEnd(width);
}

function reasons(partner: Partner): string[] {
  return [...partner.refused].map(([reason, count]) => `${partner.name}: ${count} refused: ${reason}`);
}
