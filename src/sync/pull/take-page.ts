import type { Database } from '../../store/database';
import type { Partner } from '../../domain/partner';
import { type OwnedModuleDescriptor } from '../../ocpi/module';
import type { Page } from '../../partners/page-reader';
import { identify, isFinding, type PulledObject } from './pulled-object';
import { storedOfPage } from '../../store/pull/stored-page';
import { storedKey } from '../../store/objects/types';
import type { Stores } from '../../hub/context';
import { receivePulled, type Taken } from './receive-pulled';
import type { Seen } from './seen';
import { staysAsStored } from './unchanged';

/* A page of a pulled list on its way into the store: good objects are taken, bad ones recorded, none stops the page. */

/** What receiving a page needs. */
export interface PulledFrom {
  partner: Partner;
  module: OwnedModuleDescriptor;
  /** What was changed here below this transaction was changed before the pull began. */
  began: string;
  correlation_id: string;
}

/** A page whose objects are known: doubles dropped. */
export interface SortedPage {
  objects: PulledObject[];
  /** Objects that cannot be told apart, or are not this platform's. */
  refused: number;
  /** Keys seen for the first time. */
  keys: Buffer;
}

/** Objects written at once: others' pushes are written between. */
const CHUNK = 256;

/** Sorts a page: what is no object of this platform is recorded, what was seen before is dropped. */
export function sortPage(stores: Stores, from: PulledFrom, of: { page: Page; seen: Seen }): SortedPage {
  const found = of.page.objects.map((object) => identify(from.partner, from.module, object));
  const bad = found.filter(isFinding);
  if (of.page.bare)
    bad.push({ path: '$', rule: 'must be a response with data and status_code', example_id: '' });
  stores.findings.record(from.partner.id, from.module.identifier, bad);
  const good = found.filter((one): one is PulledObject => !isFinding(one));
  const { fresh, bytes } = of.seen.take(good.map(({ key }) => storedKey(key)));
  const objects = good.filter((_, i) => fresh[i]);
  return { objects, refused: found.length - good.length, keys: bytes };
}

export interface TakenPage {
  stored: number;
  unchanged: number;
  refused: number;
  check_ms: number;
  write_ms: number;
}

/** Stores what is new or changed; resolves when it is committed. */
export async function takePage(
  stores: Stores & { database: Database },
  from: PulledFrom,
  objects: readonly PulledObject[],
): Promise<TakenPage> {
  const begin = performance.now();
  const states = await storedOfPage(
    stores.database.pool,
    objects.map(({ key }) => key),
    from.began,
  );
  const changed = objects.filter((object, i) => {
    const stored = states[i];
    return !stored || !staysAsStored(object, stored);
  });
  const taken = { stored: 0, unchanged: objects.length - changed.length, refused: 0 };
  const times = { check_ms: performance.now() - begin };
  let written = Promise.resolve();
  for (let at = 0; at < changed.length; at += CHUNK) {
    const before = written;
    written = takeChunk(stores, from, { objects: changed.slice(at, at + CHUNK), taken, times });
    written.catch(() => undefined); // awaited below, or in the next turn; until then a failure has nobody
    await before; // the next chunk is checked while this one is written
  }
  await written;
  return { ...taken, ...times, write_ms: performance.now() - begin - times.check_ms };
}

/** Objects are checked as they are handed over, and answered when they are committed. */
async function takeChunk(
  stores: Stores,
  from: PulledFrom,
  chunk: { objects: readonly PulledObject[]; taken: Record<Taken, number>; times: { check_ms: number } },
): Promise<void> {
  const { objects, taken, times } = chunk;
  const { partner, correlation_id } = from;
  const begin = performance.now();
  const receiving = objects.map((pulled) => receivePulled(stores, partner, { pulled, correlation_id }));
  times.check_ms += performance.now() - begin;
  for (const outcome of await Promise.all(receiving)) taken[outcome]++;
}
