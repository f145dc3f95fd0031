import type { PoolClient } from 'pg';
import type { LaneCache } from './lane-cache';
import { blank, type LaneObject } from './lane-state';
import { READ_CURRENT } from './sql/read-current';
import { storedKey } from './stored-key';
import type { Job } from './write-lane';

/* Makes a batch of jobs: grouped by object, with what is stored of each. */

interface Row {
  n: number;
  id: string;
  version: string;
  own: string;
  shown: string;
  counterpart: number | null;
  deleted: boolean;
  text: string | null;
  evses: [string, number, string][] | null;
  last_place: number | null;
}

function group(jobs: readonly Job[]): LaneObject[] {
  const objects = new Map<string, LaneObject>();
  for (const job of jobs) {
    const name = storedKey(job.object);
    let object = objects.get(name);
    if (!object) objects.set(name, (object = blank(objects.size, job.object)));
    object.jobs.push(job);
  }
  return [...objects.values()];
}

/** One line of the question: an object, and one EVSE of it or all. */
function questions(object: LaneObject): { want_text: boolean; want_evse: string | null }[] {
  const want_text = object.jobs.some((job) => job.options.wantText);
  const evses = new Set(object.jobs.map((job) => job.options.wantEvse).filter((e) => e !== undefined));
  if (evses.size === 0) return [{ want_text, want_evse: null }];
  if (evses.has('*')) return [{ want_text, want_evse: '*' }];
  return [...evses].map((want_evse, i) => ({ want_text: want_text && i === 0, want_evse }));
}

function fill(object: LaneObject, row: Row): void {
  const current = object.current;
  object.id = row.id;
  object.version = row.version;
  object.counted = row.deleted ? undefined : (row.counterpart ?? 0);
  Object.assign(current, {
    exists: true,
    deleted: row.deleted,
    own: row.own,
    shown: row.shown,
    counterpart: row.counterpart,
  });
  if (row.text !== null) current.text = row.text;
  for (const [key, place, text] of row.evses ?? []) {
    current.evses.set(key, { place, text });
    current.nextPlace = Math.max(current.nextPlace, place + 1);
  }
  if (row.last_place !== null) current.nextPlace = Math.max(current.nextPlace, row.last_place + 1);
}

/** Groups the jobs by object; what memory does not hold of them is read in one statement. */
export async function loadBatch(
  client: PoolClient,
  jobs: readonly Job[],
  cache: LaneCache,
): Promise<LaneObject[]> {
  const objects = group(jobs);
  const unknown = objects.filter((object) => !cache.fill(object));
  if (unknown.length > 0) await read(client, objects, unknown);
  return objects;
}

async function read(
  client: PoolClient,
  objects: readonly LaneObject[],
  unknown: readonly LaneObject[],
): Promise<void> {
  const asked = unknown.flatMap((object) => questions(object).map((question) => ({ object, ...question })));
  const result = await client.query<Row>({
    ...READ_CURRENT,
    values: [
      asked.map((a) => a.object.n),
      asked.map((a) => storedKey(a.object.object)),
      asked.map((a) => a.want_text),
      asked.map((a) => a.want_evse),
    ],
  });
  for (const row of result.rows) {
    const object = objects[row.n];
    if (object) fill(object, row);
  }
  for (const object of unknown) {
    object.complete = object.id === null || object.jobs.some((job) => job.options.wantEvse === '*');
  }
}
