import type { Pool, PoolClient } from 'pg';
import { LaneCache } from './lane-cache';
import { loadBatch, applyWrite, LOCK_HEADS } from './batch';
import { type Job, type LaneObject } from './lane-object';
import { writeQuery } from './arguments';
import { BULK_SETTINGS, USUAL_SETTINGS } from './statement';
import {
  type Decide,
  type Decision,
  type NamedObject,
  type TransactOptions,
  storedKey,
} from '../objects/types';

/*
 * The write lane: group commit. Writes that arrive while a commit is under way form the next batch; one statement
 * reads what the decisions need, the pure decisions are taken in memory (those on one object one after the other),
 * one statement writes everything, and each request is answered after that commit. The version of an object's head
 * is the only guard: a write that lost its race against another process is decided again in the next batch, after
 * three lost races with the head locked. A batch that fails is tried again one by one, so that a bad row harms
 * itself alone. docs/adr/0002-write-lane.md
 */

const MAX_BATCH = 256;
const RACES_BEFORE_LOCK = 3;
/**
 * Plans are made once (planning a batch anew costs more than writing it) and stay right while the tables grow from
 * nothing: by index, whatever the statistics of the moment say.
 */
const LANE_SETTINGS = `set plan_cache_mode = force_generic_plan; set enable_hashjoin = off;
  set enable_mergejoin = off; set enable_seqscan = off`;

export class WriteLane {
  private queue: Job[] = [];
  private running: Promise<void> | undefined;
  private client: PoolClient | undefined;
  private closed = false;
  private readonly cache = new LaneCache();

  constructor(
    private readonly pool: Pool,
    private readonly onCommit: () => void,
  ) {}

  /** Decides on the object's current state and writes the decision; resolves after the commit. */
  transact<T>(object: NamedObject, options: TransactOptions, decide: Decide<T>): Promise<T> {
    if (this.closed) return Promise.reject(new Error('the write lane is closed'));
    return new Promise<T>((resolve, reject) => {
      const job: Job = {
        object,
        options,
        decide,
        races: 0,
        fresh: false,
        settle: () => undefined,
        resolve: (value) => resolve(value as T),
        reject,
      };
      this.queue.push(job);
      this.running ??= this.run();
    });
  }

  get isWriting(): boolean {
    return this.running !== undefined;
  }

  /** Ends when everything that was accepted is answered. */
  async close(): Promise<void> {
    while (this.running) await this.running;
    this.closed = true;
    this.client?.release();
    this.client = undefined;
  }

  private async run(): Promise<void> {
    await Promise.resolve();
    while (this.queue.length > 0) await this.runBatch(this.queue.splice(0, MAX_BATCH));
    this.running = undefined;
  }

  private async runBatch(jobs: Job[]): Promise<void> {
    try {
      await this.attempt(jobs);
    } catch (error) {
      this.dropClient(error);
      if (jobs.length === 1 || !isStatementFault(error)) for (const job of jobs) job.reject(error);
      else for (const job of jobs) await this.runBatch([job]);
    }
  }

  private async attempt(jobs: Job[]): Promise<void> {
    const client = await this.connection();
    const locked = jobs.some((job) => job.races >= RACES_BEFORE_LOCK);
    if (locked) await client.query('begin').then(() => lockHeads(client, jobs));
    const objects = await loadBatch(client, jobs, this.cache);
    for (const object of objects) decideAll(object, this.cache);
    const written = await writeAll(client, objects);
    if (locked) await client.query('commit');
    this.settle(objects, written);
  }

  private settle(objects: readonly LaneObject[], written: ReadonlyMap<number, string>): void {
    for (const object of objects) {
      const id = written.get(object.n);
      if (id !== undefined && !object.jobs.every((job) => job.options.bulk)) this.cache.store(object, id);
      else if (object.dirty) this.cache.forget(object);
      const won = id !== undefined || !object.dirty;
      for (const job of object.jobs) {
        if (won) job.settle();
        else this.again(job, job.races + 1);
      }
    }
    for (const job of objects.flatMap((object) => object.doubtful)) this.again(job, job.races);
    if (written.size > 0) this.onCommit();
  }

  private again(job: Job, races: number): void {
    this.queue.unshift(Object.assign(job, { races, fresh: true }));
  }

  /** A connection of its own, with plans that stay right while the tables grow from nothing. */
  private async connection(): Promise<PoolClient> {
    if (this.client) return this.client;
    const client = (this.client = await this.pool.connect());
    client.on('error', (error) => {
      if (this.client === client) this.dropClient(error);
    });
    await client.query(LANE_SETTINGS);
    return client;
  }

  private dropClient(error: unknown): void {
    const client = this.client;
    this.client = undefined;
    client?.release(error instanceof Error ? error : true);
  }
}

/** The statement was refused (bad data, a deadlock), as opposed to a database that is out of reach. */
function isStatementFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(22|23|40|54)/.test(code);
}

async function lockHeads(client: PoolClient, jobs: readonly Job[]): Promise<void> {
  const keys = jobs.map((job) => job.object);
  await client.query({
    ...LOCK_HEADS,
    values: [keys.map(storedKey)],
  });
}

/** Decides the jobs of an object in their order; one that fails, or writes nothing, leaves no trace. */
function decideAll(object: LaneObject, cache: LaneCache): void {
  const decided: Job[] = [];
  for (const job of object.jobs) {
    const outcome = decideOne(job, object.current);
    if ('decision' in outcome && outcome.decision.write)
      applyWrite(object, outcome.decision.write, job.options);
    else if (object.cached) {
      object.doubtful.push(job);
      continue;
    }
    job.settle =
      'decision' in outcome ? () => job.resolve(outcome.decision.answer) : () => job.reject(outcome.error);
    decided.push(job);
  }
  if (object.doubtful.length > 0) cache.forget(object);
  object.jobs = decided;
}

function decideOne(
  job: Job,
  current: LaneObject['current'],
): { decision: Decision<unknown> } | { error: unknown } {
  try {
    return { decision: job.decide(current) };
  } catch (error) {
    return { error };
  }
}

async function writeAll(client: PoolClient, objects: readonly LaneObject[]): Promise<Map<number, string>> {
  const dirty = objects.filter((object) => object.dirty);
  if (dirty.length === 0) return new Map();
  const { bulk, ...query } = writeQuery(dirty);
  if (bulk) await client.query(BULK_SETTINGS);
  const result = await client.query<{ n: number; id: string }>(query);
  if (bulk) await client.query(USUAL_SETTINGS);
  return new Map(result.rows.map((row) => [row.n, row.id]));
}
