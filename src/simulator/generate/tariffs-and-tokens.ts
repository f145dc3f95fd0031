import type { JsonObject } from '../json';
import type { PartyId } from '../types';
import { Random } from './random';

/*
 * Objects for a platform to start with. They follow the definitions of OCPI 2.2.1 to the letter. The same seed gives
 * the same objects, so that a failure can be repeated. Locations name the tariffs that are made here. Sessions and
 * CDRs are made from a location and a token. `feeds` reads objects from a file instead, and makes them a party's own.
 */

export interface Wanted {
  seed: number;
  count: number;
  party: PartyId;
  /** Of all generated objects; the start of 2026 where not given. */
  lastUpdated?: string;
}

export const GENERATED_AT = '2026-01-01T00:00:00Z';

/** Tariffs per kWh, a third of them with a parking fee (mod_tariffs). */
export function generateTariffs({ seed, count, party, lastUpdated = GENERATED_AT }: Wanted): JsonObject[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, index) => ({
    country_code: party.country_code,
    party_id: party.party_id,
    id: `T${index + 1}`,
    currency: 'EUR',
    type: 'REGULAR',
    tariff_alt_text: [{ language: 'en', text: `Tariff ${index + 1}` }],
    elements: [energyElement(random), ...(index % 3 === 0 ? [parkingElement(random)] : [])],
    last_updated: lastUpdated,
  }));
}

function energyElement(random: Random): JsonObject {
  const price = random.whole(25, 79) / 100;
  return { price_components: [{ type: 'ENERGY', price, vat: 21, step_size: 1 }] };
}

function parkingElement(random: Random): JsonObject {
  const price = random.whole(1, 5);
  return {
    price_components: [{ type: 'PARKING_TIME', price, vat: 21, step_size: 900 }],
    restrictions: { start_time: '08:00', end_time: '20:00', day_of_week: ['MONDAY', 'FRIDAY'] },
  };
}

/** RFID tokens (mod_tokens). */
export function generateTokens({ seed, count, party, lastUpdated = GENERATED_AT }: Wanted): JsonObject[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, index) => ({
    country_code: party.country_code,
    party_id: party.party_id,
    uid: `04${random.whole(0x100000, 0xffffff).toString(16).toUpperCase()}${String(index).padStart(6, '0')}`,
    type: 'RFID',
    contract_id: `${party.country_code}-${party.party_id}-C${String(index + 1).padStart(8, '0')}`,
    issuer: party.party_id,
    valid: random.next() > 0.05,
    whitelist: random.pick(['ALLOWED', 'ALLOWED_OFFLINE', 'ALWAYS']),
    last_updated: lastUpdated,
  }));
}
