import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenOf } from './locations';
import type { ReceiversQuestion, Sample } from './messages';

/*
 * All partner platforms of a scenario, a process of its own: platform N below /N. They say where they are, answer any
 * push with the success envelope and count; the pushes of platform 0 are kept for the bare loop. A platform that is
 * to refuse hangs up.
 */

const KEPT = 200;
const MODULES = ['locations', 'tariffs', 'tokens', 'sessions', 'cdrs'];

/** This platform has no Receiver interface of objects: nothing is pushed to it. It takes commands. */
const CPO = '/900';

const AUTHORIZATION = { allowed: 'ALLOWED', token: tokenOf('U1'), authorization_reference: 'REF-1' };

/** What was relayed or asked for is no push. */
const PUSHES = ['PUT', 'PATCH', 'DELETE'];

/** Only this platform lists anything: from the others nothing is pulled. */
const LISTS_TOKENS = '/0';

const refusing = new Set<string>();
let received = 0;
let requests: string[] = [];

const envelope = (data?: unknown): string =>
  JSON.stringify({ data, status_code: 1000, timestamp: new Date().toISOString() });

function describe(base: string, path: string): string | undefined {
  if (path === 'versions') return envelope([{ version: '2.2.1', url: `${base}/2.2.1` }]);
  if (path !== '2.2.1') return undefined;
  const isCpo = base.endsWith(CPO);
  const role = isCpo ? 'SENDER' : 'RECEIVER';
  const modules = MODULES.map((identifier) => ({ identifier, role, url: `${base}/r/${identifier}` }));
  if (isCpo) modules.push({ identifier: 'commands', role: 'RECEIVER', url: `${base}/r/commands` });
  if (base.endsWith(LISTS_TOKENS))
    modules.push({ identifier: 'tokens', role: 'SENDER', url: `${base}/s/tokens` });
  const credentials = { identifier: 'credentials', role: 'SENDER', url: `${base}/credentials` };
  return envelope({ version: '2.2.1', endpoints: [credentials, ...modules] });
}

/** What a request is answered; a push by the envelope alone. */
function answerTo(path: string): string {
  if (path.endsWith('/authorize')) return envelope(AUTHORIZATION);
  return path.endsWith('/START_SESSION') ? envelope({ result: 'ACCEPTED', timeout: 30 }) : envelope();
}

/** The request as it came, for another receiver and another connection. */
function asText(request: http.IncomingMessage, body: string): string {
  const lines = request.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : []));
  const target = (request.url ?? '').replace(/^\/0\//, '/__RECEIVER__/');
  return `${request.method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

function keep(request: http.IncomingMessage, chunks: Buffer[]): void {
  if (!PUSHES.includes(request.method ?? '')) return;
  received++;
  if (requests.length < KEPT && request.url?.startsWith('/0/'))
    requests.push(asText(request, Buffer.concat(chunks).toString()));
}

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [, number = '', path = ''] = /^\/(\d+)\/(.*)$/.exec(request.url ?? '') ?? [];
    if (refusing.has(number)) return void request.socket.destroy();
    const described = describe(`http://${request.headers.host}/${number}`, path);
    if (described === undefined) keep(request, chunks);
    const body = described ?? answerTo(path);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', (message: ReceiversQuestion) => {
  if (typeof message === 'object') refusing[message.refuse ? 'add' : 'delete'](String(message.platform));
  const sample: Sample = { received, requests: message === 'sample' ? requests : [] };
  if (message === 'forget') requests = [];
  process.send?.(sample);
});
process.on('disconnect', () => process.exit(0));
