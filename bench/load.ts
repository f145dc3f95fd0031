import type { Load, LoadResult, Target, Work } from './messages';
import { EVSES_PER_LOCATION, idOf, locationText, smallLocationText, statusText } from './locations';
import { RawConnection } from './raw-connection';

/* The load generator, a process of its own: N connections, one request in flight on each. */

/** Prime, so that neighbours in time are no neighbours in the store. */
const STRIDE = 7919;

function requestText(target: Target, to: { method: string; path: string; body: string }): string {
  return (
    `${to.method} ${target.base}/${to.path} HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\n${target.headers}` +
    `Content-Type: application/json\r\nContent-Length: ${to.body.length}\r\n\r\n${to.body}`
  );
}

/** Gives the next request of a connection; undefined when the work is done. */
type Source = (connection: number) => string | undefined;

function scattered(target: Target, work: Extract<Work, { kind: 'patch' | 'put' }>): Source {
  // each run begins elsewhere, so that no run finds what the one before it has just touched
  let n = Math.floor(Math.random() * 1e6);
  // texts are made beforehand and get a new last_updated each: making them is no part of what is measured
  const old = '2024-01-01T00:00:00Z';
  const ready =
    work.kind === 'put' ? Array.from({ length: work.count }, (_, i) => locationText(i).split(old)) : [];
  return () => {
    const place = n++ * STRIDE;
    const location = place % work.count;
    if (work.kind === 'put') {
      const body = (ready[location] ?? []).join(new Date().toISOString());
      return requestText(target, { method: 'PUT', path: idOf(location), body });
    }
    const path = `${idOf(location)}/E${Math.floor(place / work.count) % (work.evses ?? EVSES_PER_LOCATION)}`;
    return requestText(target, { method: 'PATCH', path, body: statusText(n) });
  };
}

function once(target: Target, work: { kind: 'fill' | 'touch'; count: number; small?: boolean }): Source {
  let n = 0;
  return () => {
    if (n >= work.count) return undefined;
    const i = n++;
    if (work.kind === 'touch')
      return requestText(target, { method: 'PATCH', path: `${idOf(i)}/E0`, body: statusText(i) });
    const body = work.small ? smallLocationText(i) : locationText(i);
    return requestText(target, { method: 'PUT', path: idOf(i), body });
  };
}

function replay(requests: readonly string[]): Source {
  const sent: number[] = [];
  return (connection) => {
    const n = (sent[connection] = (sent[connection] ?? -1) + 1);
    return requests[n % requests.length]?.replace('__RECEIVER__', String(connection));
  };
}

function sourceOf(target: Target, work: Work): Source {
  switch (work.kind) {
    case 'patch':
    case 'put':
      return scattered(target, work);
    case 'fill':
    case 'touch':
      return once(target, work);
    case 'replay':
      return replay(work.requests);
  }
}

const isSuccess = (answer: string): boolean =>
  answer.startsWith('HTTP/1.1 20') && answer.includes('"status_code":1000');

function percentiles(took: number[]): { p50: number; p99: number } {
  took.sort((a, b) => a - b);
  const at = (share: number): number => (took[Math.floor(took.length * share)] ?? 0) * 1000;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Sends until the time is over or the work is done; what is in flight then still counts. */
function run(load: Load): Promise<LoadResult> {
  const result: LoadResult = { done: 0, refused: 0, ms: 0, p50: 0, p99: 0, example: undefined };
  const took: number[] = [];
  let left = load.requests ?? Infinity;
  let begun = 0;
  const next = sourceOf(load.target, load.work);
  const begin = performance.now();
  const lane = (n: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let sent = 0;
      const step = (): void => {
        const early = load.perSecond ? begin + (begun++ * 1000) / load.perSecond - performance.now() : 0;
        if (early > 0) setTimeout(sendNext, early);
        else sendNext();
      };
      const sendNext = (): void => {
        sent = performance.now();
        const request = sent - begin < load.ms && left-- > 0 ? next(n) : undefined;
        if (request !== undefined) return connection.send(request);
        connection.end();
        resolve();
      };
      const answered = (answer: string): void => {
        took.push(performance.now() - sent);
        if (isSuccess(answer)) result.done++;
        else {
          result.refused++;
          result.example ??= answer.slice(0, 600);
        }
        step();
      };
      const connection = new RawConnection(load.target.port, answered, (reason) => reject(new Error(reason)));
      step();
    });
  return Promise.all(Array.from({ length: load.connections }, (_, n) => lane(n))).then(() => ({
    ...result,
    ms: performance.now() - begin,
    ...percentiles(took),
  }));
}

process.on('message', (load: Load) => {
  run(load).then(
    (result) => process.send?.(result),
    (error: unknown) =>
      process.send?.({ done: 0, refused: 1, ms: 1, p50: 0, p99: 0, example: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
