import type { PoolClient } from 'pg';
import { type TransactOptions, type Write, storedKey } from '../objects/types';
import { blank, type Job, type LaneObject } from './lane-object';
import type { LaneCache } from './lane-cache';

function applyEvses(object: LaneObject, write: Write): void {
  for (const key of write.goneEvses ?? []) {
    object.current.evses.delete(key);
    object.writtenEvses.delete(key);
    object.gone.add(key);
  }
  for (const [key, evse] of write.evses ?? []) {
    object.current.evses.set(key, evse);
    object.current.nextPlace = Math.max(object.current.nextPlace, evse.place + 1);
    object.writtenEvses.add(key);
    object.gone.delete(key);
  }
}

/** Takes a decision over into the batch, so that the next job on this object decides on its result. */
export function applyWrite(object: LaneObject, write: Write, options: TransactOptions): void {
  const current = object.current;
  object.dirty = true;
  Object.assign(current, {
    exists: true,
    last_updated: write.last_updated,
    shown_last_updated: write.shown_last_updated,
    deleted: write.deleted ?? false,
  });
  if (write.counterpart !== undefined) current.counterpart = write.counterpart;
  if (write.text !== undefined) {
    current.text = write.text;
    object.writtenText = true;
  }
  applyEvses(object, write);
  const { correlation_id } = options;
  for (const part of write.changes) object.changes.push({ part, correlation_id });
  if (write.delivery) object.delivery = { ...write.delivery, correlation_id };
}

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
    last_updated: row.own,
    shown_last_updated: row.shown,
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

/**
 * What a batch of writes must know of the objects that it touches: one statement a batch. An EVSE is asked for by
 * its key, or all of them by '*'. EVSE rows of one object come as one JSON array, so that its text is sent once.
 * $1 n, $2 key, $3 wants the text, $4 EVSE key or null
 */
export const READ_CURRENT = {
  name: 'read_current',
  text: `
    select i.n, h.id, s.version, s.own_last_updated as own, s.shown_last_updated as shown, h.counterpart, h.deleted,
           case when i.want_text then (select t.text from object_text t where t.head_id = h.id) end as text,
           case when i.want_evse is not null then
             (select json_agg(json_build_array(e.key, e.place, e.text) order by e.place) from evse e
               where e.head_id = h.id and (i.want_evse = '*' or e.key = i.want_evse))
           end as evses,
           case when i.want_evse is not null and i.want_evse <> '*' then
             (select max(e.place) from evse e where e.head_id = h.id) end as last_place
      from unnest($1::int[], $2::text[], $3::bool[], $4::text[]) as i(n, key, want_text, want_evse)
      join head h on h.key = i.key join head_state s on s.head_id = h.id`,
};

/** The same with the heads locked, in id order: after three lost races. */
export const LOCK_HEADS = {
  name: 'lock_heads',
  text: `
    select s.head_id from unnest($1::text[]) as i(key)
      join head h on h.key = i.key join head_state s on s.head_id = h.id
     order by s.head_id for update of s`,
};
