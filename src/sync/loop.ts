import type { Logger } from 'pino';

/*
 * The one primitive for background work. A loop runs its work once at a time. Woken while it runs, it runs once more:
 * no hint is lost and none is queued. Work that fails is logged and tried again. A loop ends by awaiting what is under
 * way.
 */

/** After this many milliseconds failed work is tried again. */
export const AGAIN_MS = 1000;

export interface LoopOptions {
  log: Logger;
  /** What the log says of work that failed, and beside it. */
  failed: string;
  fields?: object;
  level?: 'warn' | 'debug';
  /** Milliseconds until failed work is tried again. */
  againMs?: number;
  /** Milliseconds within which several wakes are one. */
  gatherMs?: number;
}

export class Loop {
  private running: Promise<void> = Promise.resolve();
  private busy = false;
  private again = false;
  private stopped = false;
  /** Who waits for a run that has not begun yet. */
  private readonly waiting: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private interval: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: () => unknown,
    private readonly options: LoopOptions,
  ) {}

  /** Begins nothing more. */
  get ended(): boolean {
    return this.stopped;
  }

  /** There may be something to do. */
  wake(): void {
    const { gatherMs } = this.options;
    if (gatherMs === undefined) this.begin();
    else if (!this.stopped) this.gathering ??= setTimeout(() => this.gathered(), gatherMs);
  }

  /** There may be something to do in so many milliseconds; counts from the last time that this was said. */
  wakeIn(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.begin(), ms).unref();
  }

  /** Runs every so many milliseconds; a turn that comes while one is under way is left out. */
  every(ms: number): void {
    this.interval = setInterval(() => {
      if (!this.busy) this.wake();
    }, ms).unref();
  }

  /** Runs; resolves when a run has ended that began after this was called, or the loop has. Never rejects. */
  ran(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.begin();
    });
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async end(): Promise<void> {
    this.stopped = true;
    this.again = false;
    clearTimeout(this.timer);
    clearTimeout(this.gathering);
    clearInterval(this.interval);
    await this.running;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private gathered(): void {
    this.gathering = undefined;
    this.begin();
  }

  private begin(): void {
    if (this.stopped) return;
    this.again = true;
    if (this.busy) return;
    this.busy = true;
    this.running = this.run();
  }

  private async run(): Promise<void> {
    while (this.again) await this.once();
    this.busy = false;
  }

  private async once(): Promise<void> {
    this.again = false;
    const waiting = this.waiting.splice(0);
    try {
      await this.work();
    } catch (error) {
      this.failed(error);
    }
    for (const resolve of waiting) resolve();
  }

  /** Also who woke the loop meanwhile waits until then: work that fails at once must not run in circles. */
  private failed(error: unknown): void {
    const { log, level = 'warn', fields, failed, againMs = AGAIN_MS } = this.options;
    log[level]({ err: error, ...fields }, failed);
    this.again = false;
    this.wakeIn(againMs);
  }
}
