import type { Logger } from 'pino';

/** What is done every so often, until it ends. */
export class Schedule {
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(private readonly log: Logger) {}

  /** Does it every so many milliseconds, one at a time; what fails is done again with the next. */
  every(ms: number, act: () => unknown): void {
    let busy = false;
    const run = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      try {
        await act();
      } catch (error) {
        this.log.warn({ err: error }, 'the feed stumbled');
      }
      busy = false;
    };
    this.timers.push(setInterval(() => void run(), ms).unref());
  }

  /** Begins nothing more. */
  end(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}
