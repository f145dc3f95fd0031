import http from 'node:http';
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
