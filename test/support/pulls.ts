import type { JsonObject } from '../../src/simulator/json';
import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { keyOf } from '../../src/simulator/objects/keys';
import type { ReceivedRequest } from '../../src/simulator/types';
import { eventually, type Fields } from './network';

/* What tests of pulls share: lists of simulated platforms, and what the admin API says of their pulls. */

export interface PullItem {
  party: string;
  module: string;
  state: string;
  kind: string;
  requested: string | null;
  pages: number;
  objects: number;
  stored: number;
  unchanged: number;
  refused: number;
  gone: number;
  total: number | null;
  last_error: string | null;
  started_at: string;
  confirm_removals: boolean;
}

export interface PullAnswer {
  items: PullItem[];
  gone: { module: string; object_id: string; removed: boolean }[];
}

/** A call of the admin API. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<{ http: number; json: unknown }>;

/** The platform lists these. */
export function own(platform: SimulatedPlatform, module: string, ...objects: Fields[]): void {
  for (const object of objects) platform.owned.set(keyOf(module, object as JsonObject), object as JsonObject);
}

/** The pages of a module that it was asked for, in order. */
export const pagesAskedOf = (platform: SimulatedPlatform, module: string): ReceivedRequest[] =>
  platform.receivedPulls.filter((request) => request.module === module);

export async function pullsOf(ask: Ask, partner: string): Promise<PullAnswer> {
  return (await ask('GET', `/partners/${partner}/pull`)).json as PullAnswer;
}

/** Waits until every list of the partner is pulled and nothing more is asked for; the items by module. */
export async function pulled(ask: Ask, partner: string): Promise<Map<string, PullItem>> {
  let items: PullItem[] = [];
  await eventually(async () => {
    items = (await pullsOf(ask, partner)).items;
    return items.length > 0 && items.every((item) => item.state === 'done' && item.requested === null);
  }, 'all lists pulled');
  return new Map(items.map((item) => [item.module, item]));
}

/** An admin asks for a pull; waits for its end. */
export async function pullAgain(
  ask: Ask,
  partner: string,
  wish: Fields = {},
): Promise<Map<string, PullItem>> {
  const { http } = await ask('POST', `/partners/${partner}/pull`, wish);
  if (http !== 202) throw new Error(`asking for a pull: HTTP ${http}`);
  return pulled(ask, partner);
}
