import type { Logger } from 'pino';
import type { GapFinder, RequestPull } from '../../hub/gaps/gap-finder';

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

/** Keeps the gap finder up to date in the worker, and asks partners for what is missing. */
export class GapJob {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: GapJobOptions) {}

  start(): void {
    this.schedule(EVERY_MS * Math.random());
  }

  /** Ends after the page under way. */
  async end(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  /** One turn: takes in what is new, then asks for what is missing. True where all is taken in. */
  async turn(): Promise<boolean> {
    const { gaps, gapAfterHours, requestPull } = this.options;
    if (!(await gaps.refresh({ pages: PAGES, signal: this.stopping.signal }))) return false;
    await gaps.askFor(requestPull, gapAfterHours * 3600);
    return true;
  }

  private schedule(ms: number): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.running = this.safely();
    }, ms).unref();
  }

  private async safely(): Promise<void> {
    const done = await this.turn().catch((error: unknown) => {
      this.options.log.warn({ err: error }, 'the gap finder stumbled');
      return true;
    });
    this.schedule(done ? EVERY_MS : BREATH_MS);
  }
}

/** Where more is left, or another process is at it. */
const BREATH_MS = 5000;
