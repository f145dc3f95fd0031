import type { Logger } from 'pino';
import type { GapFinder, RequestPull } from '../../hub/gaps/gap-finder';
import { Loop } from '../loop';

/*
 * Keeps the gap finder up to date: page by page it takes in new sessions and CDRs, then asks partners for what is
 * missing.
 */

const EVERY_MS = 60_000;
/** So much is taken in at once; the rest with the next turn, which then follows at once. */
const PAGES = 200;

export interface GapJobOptions {
  gaps: GapFinder;
  /** Hours after its end from which something that is missing is asked for. */
  gapAfterHours: number;
  requestPull: RequestPull;
  log: Logger;
}

/** Where more is left, or another process is at it. */
const BREATH_MS = 5000;

/** Keeps the gap finder up to date in the worker, and asks partners for what is missing. */
export class GapJob {
  private readonly stopping = new AbortController();
  private readonly loop: Loop;

  constructor(private readonly options: GapJobOptions) {
    const { log } = options;
    this.loop = new Loop(() => this.next(), { log, failed: 'the gap finder failed', againMs: EVERY_MS });
  }

  start(): void {
    this.loop.wakeIn(EVERY_MS * Math.random());
  }

  /** Ends after the page under way. */
  async end(): Promise<void> {
    this.stopping.abort();
    await this.loop.end();
  }

  /** One turn: takes in what is new, then asks for what is missing. True where all is taken in. */
  async turn(): Promise<boolean> {
    const { gaps, gapAfterHours, requestPull } = this.options;
    if (!(await gaps.refresh({ pages: PAGES, signal: this.stopping.signal }))) return false;
    await gaps.askFor(requestPull, gapAfterHours * 3600);
    return true;
  }

  private async next(): Promise<void> {
    this.loop.wakeIn((await this.turn()) ? EVERY_MS : BREATH_MS);
  }
}
