import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  adopt,
  asText,
  generateLocations,
  generateTariffs,
  generateTokens,
  partyOfFeed,
  readFeed,
} from '../simulator';
import type { Party } from '../simulator';
import { NOTHING, Partner, startCpo, startEmsp, type CpoPartner, type EmspPartner } from './partner';

/* Who takes part. */

/** All who take part. */
export interface Cast {
  cpos: CpoPartner[];
  emsps: EmspPartner[];
}

const CPOS = [
  { country_code: 'BE', party_id: 'BEC', name: 'Belgian Charging' },
  { country_code: 'NL', party_id: 'LAD', name: 'Laadnet' },
  { country_code: 'DE', party_id: 'STR', name: 'Stromwerk' },
];
const EMSPS = [
  { country_code: 'NL', party_id: 'MOV', name: 'Movement' },
  { country_code: 'DE', party_id: 'EMO', name: 'E-Mobil' },
];
const LOCATIONS = 100;
const TARIFFS = 5;
const TOKENS = 50;

/** Three CPOs with generated tariffs and locations. */
export async function generatedCpos(): Promise<CpoPartner[]> {
  return Promise.all(CPOS.map((company, index) => generatedCpo({ ...company, role: 'CPO' }, index + 1)));
}

async function generatedCpo(party: Party, seed: number): Promise<CpoPartner> {
  const tariffs = generateTariffs({ seed, count: TARIFFS, party });
  const tariffIds = tariffs.map((tariff) => asText(tariff['id']));
  const locations = generateLocations({ seed, count: LOCATIONS, party, tariffIds });
  return new Partner(await startCpo(party), { ...NOTHING, tariffs, locations });
}

/** Two eMSPs with generated tokens. */
export async function emsps(): Promise<EmspPartner[]> {
  return Promise.all(
    EMSPS.map(async (company, index) => {
      const party: Party = { ...company, role: 'EMSP' };
      const tokens = generateTokens({ seed: index + 1, count: TOKENS, party });
      return new Partner(await startEmsp(party), { ...NOTHING, tokens });
    }),
  );
}

/** One CPO per feed file below a folder. @throws Error where there is none */
export async function feedCpos(folder: string): Promise<CpoPartner[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const feeds = files.filter((file) => file.endsWith('.json') && basename(file) !== 'deviations.json');
  if (feeds.length === 0) throw new Error(`no feed below ${folder}`);
  return Promise.all(feeds.map((file, index) => feedCpo(join(folder, file), index + 1)));
}

async function feedCpo(file: string, number: number): Promise<CpoPartner> {
  const name = basename(file, '.json').replace(/^ocpi_[\d_]+locations[-_]/, '');
  const feed = readFeed(file);
  const fallback = { country_code: 'NL', party_id: `F${String(number).padStart(2, '0')}` };
  const party: Party = { ...partyOfFeed(feed, fallback), role: 'CPO', name };
  const { objects, changed } = adopt(feed, party);
  const owner = `${party.country_code}/${party.party_id}`;
  if (changed > 0)
    console.log(`${name}: ${changed} of ${feed.length} locations made ${owner} or given a last_updated`);
  return new Partner(await startCpo(party), { ...NOTHING, locations: objects });
}
