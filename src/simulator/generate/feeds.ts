import { readFileSync } from 'node:fs';
import { asObjects, asText, at, parseJson, type Json, type JsonObject } from '../json';
import type { PartyId } from '../types';

/**
 * Reads a feed: a JSON array of objects, or an object with it in `data`; a byte order mark is dropped.
 * @throws Error where the file is neither
 */
export function readFeed(file: string): JsonObject[] {
  const json = parseJson(readFileSync(file, 'utf8'));
  const list: Json | undefined = Array.isArray(json) ? json : at(json, 'data');
  if (!Array.isArray(list)) throw new Error(`${file}: neither an array nor an object with an array in data`);
  return asObjects(list);
}

/** The one party that all objects of a feed name as their owner; the fallback where they name none or several. */
export function partyOfFeed(objects: readonly JsonObject[], fallback: PartyId): PartyId {
  const named = objects.map((object) => ({
    country_code: asText(object['country_code']),
    party_id: asText(object['party_id']),
  }));
  const [first] = named;
  if (first === undefined || first.country_code === '' || first.party_id === '') return fallback;
  const same = ({ country_code, party_id }: PartyId) =>
    country_code === first.country_code && party_id === first.party_id;
  return named.every(same) ? first : fallback;
}

/** The objects as a party can push them, and how many had to be changed for that. */
export interface Adopted {
  objects: JsonObject[];
  changed: number;
}

/** Where a feed tells no last_updated: before anything that happens later. */
const UNKNOWN_TIME = '2020-01-01T00:00:00Z';

/** Makes the objects the party's own: its country_code and party_id, and a last_updated where there is none. */
export function adopt(objects: readonly JsonObject[], party: PartyId): Adopted {
  const adopted = objects.map((object) => adoptOne(object, party));
  return { objects: adopted, changed: adopted.filter((object, index) => object !== objects[index]).length };
}

function adoptOne(object: JsonObject, { country_code, party_id }: PartyId): JsonObject {
  const dated = asText(object['last_updated']) !== '';
  if (object['country_code'] === country_code && object['party_id'] === party_id && dated) return object;
  const last_updated = dated ? object['last_updated'] : UNKNOWN_TIME;
  return { ...object, country_code, party_id, last_updated };
}
