import http from 'node:http';
import zlib from 'node:zlib';
import net, { type AddressInfo } from 'node:net';
import { Transport } from '../../src/partners/transport/transport';
import type { TransportRequest, TransportResult } from '../../src/partners/transport/transport-types';

type Handle = (request: http.IncomingMessage, response: http.ServerResponse) => void;

let server: http.Server;
let handle: Handle;
let connections = 0;
let transport: Transport;

beforeAll(async () => {
  server = http.createServer((request, response) => handle(request, response));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  connections = 0;
  transport = new Transport({ partnerUrls: 'any', maxAnswerBytes: 100_000, connections: 4 });
});

afterEach(() => transport.close());

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function send(request: Partial<TransportRequest> = {}): Promise<TransportResult> {
  return transport.send({ pool: 'p', method: 'GET', url: base(), headers: {}, timeoutMs: 2000, ...request });
}

function failureOf(result: TransportResult): string | undefined {
  return result.ok ? undefined : result.failure.kind;
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

describe('an exchange', () => {
  it('carries method, path, query, headers and body as they are', async () => {
    handle = (request, response) => {
      void bodyOf(request).then((body) => {
        response.setHeader(
          'X-Seen',
          `${request.method} ${request.url} ${String(request.headers['x-given'])} ${encodeURI(body)}`,
        );
        response.writeHead(201, { Link: ['a', 'b'] });
        response.end('{"a":1.50}');
      });
    };
    const url = `${base()}/p%2Fq//r/?x=1&y=a+b#fragment`;
    const result = await send({
      method: 'PATCH',
      url,
      headers: { 'X-Given': 'v' },
      body: Buffer.from('ünï'),
    });
    if (!result.ok) throw new Error(result.failure.detail);
    expect(result.status).toBe(201);
    expect(result.body.toString()).toBe('{"a":1.50}');
    expect(decodeURI(String(result.headers['x-seen']).split(' v ')[1] ?? '')).toBe('ünï');
    expect(result.headers['x-seen']).toMatch(/^PATCH \/p%2Fq\/\/r\/\?x=1&y=a\+b v /);
    expect(result.headers.link).toEqual(['a', 'b']);
  });

  it('uses a connection again, and has connections of its own for each partner', async () => {
    handle = (_request, response) => response.end('ok');
    for (let i = 0; i < 5; i += 1) expect((await send()).ok).toBe(true);
    expect(connections).toBeLessThan(5);
    const before = connections;
    await send({ pool: 'another' });
    expect(connections).toBe(before + 1);
  });

  it('has no more connections than its limit, and finishes what waits', async () => {
    handle = (_request, response) => setImmediate(() => response.end('ok'));
    const results = await Promise.all(Array.from({ length: 40 }, () => send()));
    expect(results.every((result) => result.ok)).toBe(true);
    expect(connections).toBeLessThanOrEqual(4);
  });

  it('does not follow a redirect', async () => {
    handle = (_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end();
    expect(await send()).toMatchObject({ ok: true, status: 302, headers: { location: '/elsewhere' } });
  });

  it('takes an answer without a body', async () => {
    handle = (_request, response) => response.writeHead(204).end();
    expect(await send()).toMatchObject({ ok: true, status: 204, body: Buffer.alloc(0) });
  });

  it('reads past an interim response', async () => {
    handle = (_request, response) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' });
      response.end('ok');
    };
    expect(await send()).toMatchObject({ ok: true, status: 200 });
  });
});

describe('a failure', () => {
  it('is a timeout when the server is silent', async () => {
    handle = () => undefined;
    expect(failureOf(await send({ timeoutMs: 100 }))).toBe('timeout');
  });

  it('is a timeout when the answer drips: the deadline is for the whole exchange', async () => {
    let timer: NodeJS.Timeout | undefined;
    handle = (_request, response) => {
      response.writeHead(200);
      timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    };
    expect(failureOf(await send({ timeoutMs: 200 }))).toBe('timeout');
  });

  it('is a timeout while it waits for a free connection', async () => {
    handle = () => undefined;
    const results = await Promise.all(Array.from({ length: 6 }, () => send({ timeoutMs: 150 })));
    expect(results.map(failureOf)).toEqual(Array(6).fill('timeout'));
    handle = (_request, response) => response.end('ok');
    expect((await send()).ok).toBe(true);
  });

  it('is a reset when the connection breaks, before or in the middle of the answer', async () => {
    handle = (request) => request.socket.destroy();
    expect(failureOf(await send())).toBe('reset');
    handle = (request, response) => {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('abc', () => request.socket.destroy());
    };
    expect(failureOf(await send())).toBe('reset');
  });

  it('is a reset when the other side does not speak HTTP', async () => {
    const other = net.createServer((socket) => socket.end('SSH-2.0-x\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    expect(failureOf(await send({ url }))).toBe('reset');
    other.close();
  });

  it('is refused when nobody listens', async () => {
    const free = net.createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    expect(failureOf(await send({ url: `http://127.0.0.1:${port}/` }))).toBe('refused');
  });

  it('is of the name when there is no such host', async () => {
    expect(failureOf(await send({ url: 'http://no-such-host.invalid/' }))).toBe('dns');
  });

  it('is of TLS when the other side does not speak it', async () => {
    const url = base().replace('http:', 'https:');
    expect(['tls', 'reset']).toContain(failureOf(await send({ url })));
  });

  it.each([
    ['declared', true],
    ['streamed', false],
  ])('is too_large when the answer is, %s', async (_how, declared) => {
    handle = (_request, response) => {
      if (declared) response.setHeader('Content-Length', '200000');
      response.write(Buffer.alloc(60_000, 32));
      response.end(Buffer.alloc(140_000, 32));
    };
    expect(failureOf(await send())).toBe('too_large');
  });

  it('is aborted by a signal, before and during', async () => {
    handle = () => undefined;
    const controller = new AbortController();
    const running = send({ signal: controller.signal });
    controller.abort();
    expect(failureOf(await running)).toBe('aborted');
    expect(failureOf(await send({ signal: controller.signal }))).toBe('aborted');
  });

  it('is aborted when the transport is closed', async () => {
    const arrived = new Promise<void>((resolve) => (handle = () => resolve()));
    const running = send();
    await arrived;
    await transport.close();
    expect(failureOf(await running)).toBe('aborted');
  });

  it.each([
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'not a url',
    '',
    '//127.0.0.1/',
    'http://user:pass@127.0.0.1/',
  ])('is blocked for the URL %p', async (url) => expect(failureOf(await send({ url }))).toBe('blocked'));

  it('is blocked for a header that would break the request', async () => {
    expect(failureOf(await send({ headers: { 'X-Bad': 'a\r\nX-Injected: 1' } }))).toBe('blocked');
  });
});

test('a request that waits for a connection until its permit is over is never sent', async () => {
  let valid = true;
  const seen: string[] = [];
  let answer = (): void => undefined;
  handle = (request, response) => {
    seen.push(String(request.url));
    answer = () => response.end('{}');
  };
  const narrow = new Transport({ partnerUrls: 'any', connections: 1 });
  const permit = { signal: new AbortController().signal, isValid: () => valid };
  const common = { pool: 'p', method: 'PUT', headers: {}, body: '{}', timeoutMs: 2000 };
  const first = narrow.send({ ...common, url: `${base()}/first` });
  const second = narrow.send({ ...common, url: `${base()}/second`, permit });
  while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  valid = false;
  answer();
  expect((await first).ok).toBe(true);
  expect(failureOf(await second)).toBe('aborted');
  expect(seen).toEqual(['/first']);
  await narrow.close();
});

test('a permit that ends cuts off what is under way, and nothing more goes out under it', async () => {
  const control = new AbortController();
  handle = () => control.abort();
  const permit = { signal: control.signal, isValid: () => !control.signal.aborted };
  expect(failureOf(await send({ permit }))).toBe('aborted');
  expect(failureOf(await send({ permit }))).toBe('aborted');
});

describe('a connection that the receiver closes just when a relay goes out on it', () => {
  const served = new WeakSet<net.Socket>();
  let broken = 0;

  beforeEach(() => {
    broken = 0;
    handle = (request, response) => {
      if (served.has(request.socket)) {
        broken += 1;
        request.socket.resetAndDestroy();
        return;
      }
      served.add(request.socket);
      request.resume().on('end', () => response.end('{"status_code":1000}'));
    };
  });

  it.each(['GET', 'PUT', 'DELETE'])('%s is sent once more on a fresh one', async (method) => {
    const outcomes: TransportResult[] = [];
    const observed = new Transport({
      partnerUrls: 'any',
      connections: 1,
      observe: (_pool, result) => outcomes.push(result),
    });
    const relay = (): Promise<TransportResult> =>
      observed.send({
        pool: 'p',
        method,
        url: `${base()}/x`,
        headers: {},
        timeoutMs: 2000,
        connections: 'relay',
      });
    expect((await relay()).ok).toBe(true);
    expect((await relay()).ok).toBe(true);
    expect([broken, outcomes.map((result) => result.ok)]).toEqual([1, [true, true]]);
    await observed.close();
  });

  it('POST is not: it may have been taken', async () => {
    await transport.close();
    transport = new Transport({ partnerUrls: 'any', connections: 1 });
    const post = (): Promise<TransportResult> => send({ method: 'POST', body: '{}', connections: 'relay' });
    expect((await post()).ok).toBe(true);
    expect(failureOf(await post())).toBe('reset');
    expect(broken).toBe(1);
  });

  it('what breaks on the fresh one too is a failure', async () => {
    handle = (request) => {
      broken += 1;
      request.socket.destroy();
    };
    expect(failureOf(await send({ connections: 'relay' }))).toBe('reset');
    expect(broken).toBe(2);
  });
});

describe('an answer that is packed in spite of identity', () => {
  const plain = '{"status_code":1000,"data":"ü"}';
  it.each([
    ['gzip', zlib.gzipSync(plain)],
    ['deflate', zlib.deflateSync(plain)],
    ['deflate', zlib.deflateRawSync(plain)],
    ['br', zlib.brotliCompressSync(plain)],
  ])('%s is unpacked, and says so no longer', async (coding, packed) => {
    handle = (_request, response) => response.writeHead(200, { 'Content-Encoding': coding }).end(packed);
    const result = await send();
    if (!result.ok) throw new Error(result.failure.detail);
    expect(result.body.toString()).toBe(plain);
    expect(result.headers).not.toHaveProperty('content-encoding');
  });

  it('and grows over the limit is too large; what is not packed at all is broken', async () => {
    handle = (_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(zlib.gzipSync('x'.repeat(200_000)));
    expect(failureOf(await send())).toBe('too_large');
    handle = (_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(plain);
    expect(failureOf(await send())).toBe('reset');
  });
});

describe('a redirect', () => {
  const redirecting =
    (status: number, location: string): Handle =>
    (request, response) => {
      if (request.url === '/there/?x=1') response.end(`${request.method} there`);
      else response.writeHead(status, { Location: location }).end();
    };
  const statusOf = (result: TransportResult): number | undefined => (result.ok ? result.status : undefined);

  it.each([307, 308])('%i of a GET at the same server is followed once', async (status) => {
    handle = redirecting(status, '/there/?x=1');
    const result = await send({ url: `${base()}/there?x=1` });
    expect(result.ok && result.body.toString()).toBe('GET there');
    handle = redirecting(status, '/round');
    expect(statusOf(await send({ url: `${base()}/round` }))).toBe(status);
  });

  it('of a PUT, to another server, or of another kind is the answer', async () => {
    handle = redirecting(308, '/there/?x=1');
    expect(statusOf(await send({ method: 'PUT', body: '{}', url: `${base()}/there?x=1` }))).toBe(308);
    handle = redirecting(308, 'http://127.0.0.1:1/there/?x=1');
    expect(statusOf(await send({ url: `${base()}/there?x=1` }))).toBe(308);
    handle = redirecting(302, '/there/?x=1');
    expect(statusOf(await send({ url: `${base()}/there?x=1` }))).toBe(302);
  });
});

it('a URL with blanks or letters beyond ASCII goes out encoded, once', async () => {
  handle = (request, response) => response.end(request.url);
  const result = await send({ url: `${base()}/a b/é%20/😀?q=ü ü&r=%C3%BC` });
  expect(result.ok && result.body.toString()).toBe(
    '/a%20b/%C3%A9%20/%F0%9F%98%80?q=%C3%BC%20%C3%BC&r=%C3%BC',
  );
  expect(failureOf(await send({ url: `${base()}/\ud800` }))).toBe('blocked');
});
