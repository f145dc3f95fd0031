import { asText, at, keyOf, objectsOf, type Json, type JsonObject } from '../simulator';
import { compare, describe, isSame, type Difference } from './compare';
import type { CpoPartner, EmspPartner, Partner } from './partner';

/** All who take part. */
export interface Cast {
  cpos: CpoPartner[];
  emsps: EmspPartner[];
}

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
