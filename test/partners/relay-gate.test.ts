import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { RelayGate } from '../../src/partners/relay-gate';
import { Transport } from '../../src/partners/transport/transport';
import type { TransportResult } from '../../src/partners/transport/transport-types';

/* The circuit and the limit before one receiver (semantics 22b), over a real socket. */

const transport = new Transport({ partnerUrls: 'any' });
let server: http.Server;
let asked = 0;
let hold: Promise<unknown> = Promise.resolve();
let breaking = false;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked++;
    if (breaking) request.socket.resetAndDestroy();
    else void hold.then(() => response.end('{"status_code":1000}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await transport.close();
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  asked = 0;
  breaking = false;
  hold = Promise.resolve();
});

const send = (): Promise<TransportResult> => {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  return transport.send({ pool: 'p', method: 'GET', url, headers: {}, timeoutMs: 5000 });
};
const THERE = { id: 'p', offline: false };

test('an open circuit lets one request through to try; while it tries, others are refused', async () => {
  const gate = new RelayGate({ failures: 2, tryAfterMs: 0, atOnce: 10 });
  breaking = true;
  await gate.pass(THERE, send);
  await gate.pass(THERE, send);
  expect(gate.report('p').circuit).toBe('OPEN');
  breaking = false;
  let answer: (value: unknown) => void = () => undefined;
  hold = new Promise((resolve) => (answer = resolve));
  const trying = gate.pass(THERE, send);
  expect(await gate.pass(THERE, send)).toBe('open');
  expect(gate.report('p').circuit).toBe('TRYING');
  answer(undefined);
  expect(await trying).toMatchObject({ ok: true });
  expect(gate.report('p')).toEqual({ circuit: 'CLOSED', last_error: null });
  expect(asked).toBe(3);
});

test('a try that fails leaves it open', async () => {
  const gate = new RelayGate({ failures: 1, tryAfterMs: 0, atOnce: 10 });
  breaking = true;
  await gate.pass(THERE, send);
  await gate.pass(THERE, send);
  expect(gate.report('p').circuit).toBe('OPEN');
  expect(asked).toBe(2);
});

test('a party that is OFFLINE gets one request at a time, every few seconds', async () => {
  const gate = new RelayGate({ failures: 5, tryAfterMs: 60_000, atOnce: 10 });
  const offline = { id: 'p', offline: true };
  expect(await gate.pass(offline, send)).toMatchObject({ ok: true });
  expect(await gate.pass(offline, send)).toBe('open');
  expect(await gate.pass(THERE, send)).toMatchObject({ ok: true });
  expect(asked).toBe(2);
});

test('beyond the limit a request is refused at once', async () => {
  const gate = new RelayGate({ failures: 5, tryAfterMs: 0, atOnce: 2 });
  let answer: (value: unknown) => void = () => undefined;
  hold = new Promise((resolve) => (answer = resolve));
  const under = [gate.pass(THERE, send), gate.pass(THERE, send)];
  expect(await gate.pass(THERE, send)).toBe('full');
  answer(undefined);
  for (const result of await Promise.all(under)) expect(result).toMatchObject({ ok: true });
  expect(await gate.pass(THERE, send)).toMatchObject({ ok: true });
});
