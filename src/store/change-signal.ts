import type { Pool } from 'pg';
import type { Logger } from 'pino';

/**
 * Tells other processes that there are new changes. Sent after the commit and at most every few milliseconds: a
 * NOTIFY inside the write would serialise the commits of all processes.
 */
export class ChangeSignal {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
  ) {}

  committed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.pool.query(`select pg_notify('change', '')`).catch((error: unknown) => {
        this.log.debug({ err: error }, 'no signal sent; the poll behind it serves');
      });
    }, SPACING_MS).unref();
  }
}

const SPACING_MS = 25;
