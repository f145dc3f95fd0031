import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { Generator, Receivers } from '../generator';
import { startHub, type Hub } from '../hub';
import { compare, median, type Figure, type Plan } from '../measure';
import { register, registerCpo } from '../partner';

/* GET All over 100,000 locations: the whole list by its links once, which must be exact; then two of its pages. */

const TOTAL = 100_000;
const LIMIT = 100;
/** The page that is measured stands so many pages before the last. */
const BEFORE_LAST = 5;

interface Page {
  ids: string[];
  total: number;
  next: string | undefined;
}

class Reader {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly token: string) {}

  /** Reads a page as text; the time of that is what is compared. */
  fetch(url: string): Promise<{ headers: IncomingHttpHeaders; text: string }> {
    const headers = { Authorization: `Token ${Buffer.from(this.token).toString('base64')}` };
    return new Promise((resolve, reject) => {
      get(url, { agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }),
        );
      }).on('error', reject);
    });
  }

  async page(url: string): Promise<Page> {
    const { headers, text } = await this.fetch(url);
    const answer = JSON.parse(text) as { status_code: number; data: { id: string }[] };
    if (answer.status_code !== 1000) throw new Error(`${url}: ${text.slice(0, 300)}`);
    const link = typeof headers.link === 'string' ? /<([^>]+)>/.exec(headers.link)?.[1] : undefined;
    return { ids: answer.data.map((o) => o.id), total: Number(headers['x-total-count']), next: link };
  }

  close(): void {
    this.agent.destroy();
  }
}

/** The URLs of all pages. @throws Error unless each object stands there once and each total is exact. */
async function walk(reader: Reader, first: string): Promise<string[]> {
  const urls: string[] = [];
  const seen = new Set<string>();
  for (let url: string | undefined = first; url !== undefined;) {
    const page: Page = await reader.page(url);
    if (page.total !== TOTAL) throw new Error(`X-Total-Count of page ${urls.length} is ${page.total}`);
    urls.push(url);
    for (const id of page.ids) seen.add(id);
    url = page.next;
  }
  if (seen.size !== TOTAL || urls.length !== TOTAL / LIMIT)
    throw new Error(`${seen.size} locations on ${urls.length} pages instead of ${TOTAL}`);
  return urls;
}

async function latency(reader: Reader, url: string, ms: number): Promise<number> {
  const times: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end;) {
    const begin = performance.now();
    await reader.fetch(url);
    times.push((performance.now() - begin) * 1000);
  }
  return median(times);
}

async function filled(receivers: Receivers): Promise<{ hub: Hub; reader: Reader }> {
  const generator = await Generator.start();
  const hub = await startHub();
  const target = await registerCpo(hub, receivers.port);
  const work = { kind: 'fill' as const, count: TOTAL, small: true };
  const { done } = await generator.run({ target, work, connections: 64, ms: 150_000 });
  if (done !== TOTAL) throw new Error(`only ${done} locations were loaded in time`);
  const url = `http://127.0.0.1:${receivers.port}/900`; // nothing is pushed there
  const token = await register(hub, { name: 'eMSP', url, role: 'EMSP', party_id: 'MSP' });
  return { hub, reader: new Reader(token) };
}

export async function measureLists(plan: Plan): Promise<Figure> {
  const { hub, reader } = await filled(await Receivers.start());
  const first = `${hub.url}/ocpi/2.2.1/sender/locations?limit=${LIMIT}`;
  const urls = await walk(reader, first);
  const late = urls.at(-1 - BEFORE_LAST) ?? first;
  const figure = await compare(plan, {
    name: `GET All of ${TOTAL} locations, a page of ${LIMIT} near the end by links`,
    yardstick: 'its first page',
    unit: 'us (median latency)',
    target: { relation: '<=', value: 2 },
    hub: () => latency(reader, late, plan.ms),
    reference: () => latency(reader, first, plan.ms),
  });
  reader.close();
  await hub.stop();
  return figure;
}
