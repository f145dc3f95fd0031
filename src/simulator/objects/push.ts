import { succeeded } from '../http/answers';
import type { JsonObject } from '../json';
import type { SimulatedPlatform } from '../simulated-platform';
import type { Answer, Recipient, Sending } from '../types';
import { idOf, keyOf, ownerOf } from './keys';

const AT_ONCE = 8;

/** What became of a push. */
export interface Pushed {
  module: string;
  key: string;
  answer: Answer;
  accepted: boolean;
}

/** Sends one request to a Receiver interface, TO = hub unless another recipient is given, FROM the owner. */
export async function pushTo(
  platform: SimulatedPlatform,
  sending: Pick<Sending, 'method' | 'module' | 'path' | 'query' | 'body' | 'from' | 'to'>,
): Promise<Answer> {
  const { to = 'hub' } = sending;
  return platform.send({ ...sending, interface: 'RECEIVER', to });
}

/** Puts one object, TO = hub unless another recipient is given, and keeps it among what the platform owns. */
export async function putObject(
  platform: SimulatedPlatform,
  module: string,
  object: JsonObject,
  to?: Recipient,
): Promise<Pushed> {
  const owner = ownerOf(object);
  const key = keyOf(module, object);
  platform.owned.set(key, object);
  const path = [owner.country_code, owner.party_id, idOf(module, object)];
  const answer = await pushTo(platform, { method: 'PUT', module, path, body: object, from: owner, to });
  return { module, key, answer, accepted: succeeded(answer) };
}

/** Puts objects, eight at once, those of the same key one after the other in their order. */
export async function putObjects(
  platform: SimulatedPlatform,
  module: string,
  objects: readonly JsonObject[],
): Promise<Pushed[]> {
  const pushed = await inParallel(versionsByKey(module, objects), AT_ONCE, async (versions) => {
    const results: Pushed[] = [];
    for (const object of versions) results.push(await putObject(platform, module, object));
    return results;
  });
  return pushed.flat();
}

function versionsByKey(module: string, objects: readonly JsonObject[]): JsonObject[][] {
  const groups = new Map<string, JsonObject[]>();
  for (const object of objects) {
    const key = keyOf(module, object);
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  return [...groups.values()];
}

/**
 * Runs a task for each item, at most `width` at once, results in the order of the items. Rejects with the first
 * error.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
