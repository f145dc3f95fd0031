import { messageOf } from '../../simulator';
import type { Entry, Hop, Journal } from './journal';

const HOP_LIMIT_MS = 10_000;

/** Tells a story step by step: what happened, and every hop of it as each side saw it. */
export class Teller {
  private steps = 0;

  constructor(
    private readonly journal: Journal,
    private readonly print: (line: string) => void,
  ) {}

  /**
   * Acts, then tells the hops of the message: the sender's first, each answered with success.
   * @throws Error that names the step, after all that was seen of it has been told
   */
  async step<Result>(title: string, hops: Hop[], act: () => Promise<Result>): Promise<Result> {
    this.steps += 1;
    this.print(`${String(this.steps).padStart(2)}. ${title}`);
    try {
      const result = await act();
      const entries = await this.journal.take(hops, HOP_LIMIT_MS);
      this.tell(entries);
      for (const entry of entries) expectHopSuccess(entry);
      return result;
    } catch (error) {
      this.tell(this.journal.rest());
      throw new Error(`step ${this.steps} (${title}): ${messageOf(error)}`);
    }
  }

  private tell(entries: Entry[]): void {
    for (const entry of entries) this.print(`      ${lineOf(entry)}`);
  }
}

function expectHopSuccess({ who, direction, http = 0, status = 0 }: Entry): void {
  const succeeded = http >= 200 && http < 300 && status >= 1000 && status < 2000;
  if (!succeeded) throw new Error(`what ${who} ${direction} was answered HTTP ${http}, ${status}`);
}

/** `12:00:01.123  NL/MOV > hub     FROM NL/MOV TO BE/BEC  200 1000  request 1a2b3c4d  correlation 5e6f7a8b  POST /…` */
function lineOf(entry: Entry): string {
  const { who, direction, headers, http, status, method, url } = entry;
  const between = direction === 'sent' ? `${who} > hub` : `hub > ${who}`;
  const ids = `request ${short(headers['x-request-id'])}  correlation ${short(headers['x-correlation-id'])}`;
  const answered = `${http ?? 'no answer'} ${status ?? ''}`.trimEnd();
  const time = new Date(entry.at).toISOString().slice(11, 23);
  return `${time}  ${between.padEnd(14)}  ${routing(headers)}  ${answered.padEnd(9)} ${ids}  ${method} ${pathOf(url)}`;
}

/** Enough to see whether two are the same; they are compared whole. */
const short = (id: string | undefined): string => (id ?? '-').slice(0, 8);

function routing(headers: Record<string, string>): string {
  const party = (side: string) =>
    `${headers[`ocpi-${side}-country-code`] ?? '-'}/${headers[`ocpi-${side}-party-id`] ?? '-'}`.padEnd(6);
  return `FROM ${party('from')} TO ${party('to')}`;
}

function pathOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}
