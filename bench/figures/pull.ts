import { Agent, get } from 'node:http';
import type { ChildProcess } from 'node:child_process';
import { answerOf, startChild } from '../children';
import { startHub, type Hub } from '../hub';
import { compare, type Figure, type Plan } from '../measure';
import type { Listed, Order } from '../lister';

/*
 * The first pull of a CPO's locations, right after its registration, against a client that downloads and parses the
 * same pages over one connection. Each run has a CPO of its own; the last one is pulled again, which must write nothing.
 */

interface Pull {
  state: string;
  requested: string | null;
  objects: number;
  stored: number;
  unchanged: number;
  started_at: string;
  finished_at: string;
  ms: { download: number; check: number; write: number };
}

const POLL_MS = 50;

async function pulled(hub: Hub, partner: string): Promise<Pull> {
  for (;;) {
    const { items } = await hub.admin<{ items: Pull[] }>('GET', `/partners/${partner}/pull`);
    const pull = items[0];
    if (pull?.state === 'failed') throw new Error(`the pull failed: ${JSON.stringify(pull)}`);
    if (pull?.state === 'done' && pull.requested === null) return pull;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const msOf = (pull: Pull): number => Date.parse(pull.finished_at) - Date.parse(pull.started_at);

interface First {
  id: string;
  pull: Pull;
  listed: Listed;
}

/** Registers CPO number `n`, and so lets it be pulled. */
async function firstPull(hub: Hub, lister: ChildProcess, of: { n: number; count: number }): Promise<First> {
  const party_id = `P${of.n.toString(36).padStart(2, '0')}`.toUpperCase();
  const made = await hub.admin<{ id: string; token_a: string; versions_url: string }>('POST', '/partners', {
    name: `lister ${of.n}`,
  });
  const order = { count: of.count, party_id, versionsUrl: made.versions_url, tokenA: made.token_a };
  const listed = await answerOf<Listed>(lister, order satisfies Order);
  const pull = await pulled(hub, made.id);
  if (pull.stored !== of.count) throw new Error(`not all were stored: ${JSON.stringify(pull)}`);
  return { id: made.id, pull, listed };
}

function page(
  url: string,
  { agent, token }: { agent: Agent; token: string },
): Promise<{ objects: number; next: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Token ${Buffer.from(token).toString('base64')}` };
    get(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = JSON.parse(Buffer.concat(chunks).toString()) as { data: unknown[] };
        const link = typeof response.headers.link === 'string' ? response.headers.link : '';
        resolve({ objects: answer.data.length, next: /<([^>]+)>/.exec(link)?.[1] });
      });
    }).on('error', reject);
  });
}

/** Objects a second of a client that only downloads and parses. */
async function bare({ url: first, token }: Listed): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const begin = performance.now();
  let objects = 0;
  for (let url: string | undefined = first; url !== undefined;) {
    const read = await page(url, { agent, token });
    objects += read.objects;
    url = read.next;
  }
  agent.destroy();
  return (objects * 1000) / (performance.now() - begin);
}

interface Written {
  wal: number;
  changes: number;
  versions: number;
}

async function written(hub: Hub): Promise<Written> {
  const [row] = await hub.query<Record<keyof Written, string>>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as wal,
            (select count(*) from change)::text as changes, (select sum(version) from head_state)::text as versions`,
  );
  return { wal: Number(row?.wal), changes: Number(row?.changes), versions: Number(row?.versions) };
}

/** A second pull with nothing changed. @throws Error where it writes anything but its own progress */
async function pullAgain(hub: Hub, id: string, count: number): Promise<void> {
  // what the first pull left to do is no write of the second: neither vacuum nor the trim of the log, due in a minute
  await hub.query('vacuum analyze');
  await hub.query('update upkeep set trimmed_at = now()');
  const before = await written(hub);
  await hub.admin('POST', `/partners/${id}/pull`, { kind: 'full' });
  const pull = await pulled(hub, id);
  const after = await written(hub);
  const wal = after.wal - before.wal;
  const wrote = after.changes !== before.changes || after.versions !== before.versions;
  if (wrote || pull.unchanged !== count || pull.stored > 0 || wal > count * WAL_PER_OBJECT)
    throw new Error(`a second pull wrote: ${JSON.stringify({ pull, before, after })}`);
  const rate = Math.round((count * 1000) / msOf(pull));
  process.stdout.write(
    `a second pull with nothing changed: ${rate} objects/s, no change row, no version, ${wal} bytes of WAL\n`,
  );
}

/** Bytes: what a full pull has seen is six bytes an object, its progress some hundred a page. */
const WAL_PER_OBJECT = 40;

function shares(pulls: readonly Pull[]): string {
  const sum = (part: keyof Pull['ms']): number => pulls.reduce((all, pull) => all + pull.ms[part], 0);
  const all = pulls.reduce((ms, pull) => ms + msOf(pull), 0);
  const share = (part: keyof Pull['ms']): string => `${part} ${Math.round((100 * sum(part)) / all)} %`;
  return `of a pull: ${share('download')} (what the store did not hide), ${share('check')}, ${share('write')}`;
}

export async function measurePull(plan: Plan): Promise<Figure> {
  const count = plan.quick ? 10_000 : 100_000;
  const { child } = await startChild('lister.js');
  const hub = await startHub();
  const pulls: First[] = [];
  const figure = await compare(plan, {
    name: `pull of ${count} locations, new ones`,
    yardstick: 'a client that only downloads and parses the same pages',
    unit: 'objects/s',
    // a short list is read much faster: a simulated platform goes through all it has for each page
    target: plan.quick ? undefined : { relation: '>=', value: 0.15 },
    hub: async () => {
      const one = await firstPull(hub, child, { n: pulls.length, count });
      pulls.push(one);
      return (count * 1000) / msOf(one.pull);
    },
    reference: () => bare(pulls.at(-1)?.listed ?? { url: '', token: '' }),
  });
  process.stdout.write(`${shares(pulls.map(({ pull }) => pull))}\n`);
  await pullAgain(hub, pulls.at(-1)?.id ?? '', count);
  await hub.stop();
  return figure;
}
