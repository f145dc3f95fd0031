import type { Logger } from 'pino';

/** Changes of this while are read together: reading them one by one would cost the writers more than it gains. */
const GATHER_MS = 10;

/** Reads the change log on, a few milliseconds after it was told that there may be more, one read at a time. */
export class LogWatch {
  private reading = false;
  private again = false;
  private ended = false;
  private gathering: NodeJS.Timeout | undefined;

  /** @param read reads what is new */
  constructor(
    private readonly read: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** There may be new changes: they are read within a few milliseconds. */
  wake(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void this.begin();
    }, GATHER_MS);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.gathering);
  }

  private async begin(): Promise<void> {
    this.again = true;
    if (this.reading) return;
    this.reading = true;
    while (this.again && !this.ended) {
      this.again = false;
      await this.read().catch((error: unknown) => {
        this.log.warn({ err: error }, 'the change log could not be read');
      });
    }
    this.reading = false;
  }
}
