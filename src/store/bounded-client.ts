import { Client, type ClientConfig, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';

/** How long a statement may take unless it says otherwise (`within`). */
const ANSWER_MS = 5000;

/** A statement with a limit of its own. The name is none that pg knows: its own `query_timeout` works differently. */
interface Limited extends QueryConfig {
  limitMs: number;
}

/**
 * The statement with a limit of its own, for connections that are BoundedClients.
 * @param limitMs for how long its answer is waited for
 */
export function within(limitMs: number, statement: QueryConfig): Limited {
  return { ...statement, limitMs };
}

/** What a statement is asked of: a pool, or one connection of it. */
interface Asked {
  query<T extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<T>>;
}

/** A statement is asked with this limit, in milliseconds, for its answer. */
export const asking =
  (limitMs: number) =>
  <T extends QueryResultRow>(on: Asked, text: string, values: unknown[] = []): Promise<QueryResult<T>> =>
    on.query<T>(within(limitMs, { text, values }));

/** An admin, or a job for whom nobody waits: where there is much to count or to catch up with, it may take its time. */
export const askPatiently = asking(30_000);

/**
 * A connection that is cut where the server does not answer: a frozen server, or a network that swallows, must not hang
 * requests. It is cut, not merely given up (as pg's own query_timeout does): used again, it would still be inside the
 * statement or transaction of before. For pools; the statement rejects as with any lost connection.
 */
export class BoundedClient extends Client {
  private timer: NodeJS.Timeout | undefined;

  constructor(config?: string | ClientConfig) {
    super(config);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to `this` below
    const send = this.query;
    this.query = new Proxy(send, {
      apply: (_query, _this, values: unknown[]): unknown => {
        this.expectAnswer(limitOf(values[0]));
        return Reflect.apply(send, this, values);
      },
    });
    this.on('drain', () => clearTimeout(this.timer));
    this.on('end', () => clearTimeout(this.timer));
  }

  private expectAnswer(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.end(), ms).unref();
  }
}

function limitOf(statement: unknown): number {
  const own = typeof statement === 'object' && statement !== null && 'limitMs' in statement;
  return own ? Number(statement.limitMs) : ANSWER_MS;
}
