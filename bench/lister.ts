import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { smallLocationText } from './locations';

/*
 * A CPO that lists many small locations, a process of its own: platform N below /N with a party of its own. Pages are
 * made beforehand, so that serving them costs next to nothing.
 */

const LIMIT = 1000;

let pages: Buffer[] = [];
let total = 0;

const envelope = (data: string): Buffer =>
  Buffer.from(`{"data":${data},"status_code":1000,"timestamp":"${new Date().toISOString()}"}`);

function prepare(count: number, party_id: string): void {
  const texts = Array.from({ length: count }, (_, i) =>
    smallLocationText(i).replace('"party_id":"CPO"', `"party_id":"${party_id}"`),
  );
  total = count;
  pages = [];
  for (let at = 0; at < count; at += LIMIT)
    pages.push(envelope(`[${texts.slice(at, at + LIMIT).join(',')}]`));
}

function listed(url: URL, base: string): { body: Buffer; headers: Record<string, string> } {
  const offset = Number(url.searchParams.get('offset') ?? 0);
  const body = pages[offset / LIMIT] ?? envelope('[]');
  const next = `${base}/locations?offset=${offset + LIMIT}&limit=${LIMIT}`;
  const link: Record<string, string> = offset + LIMIT < total ? { Link: `<${next}>; rel="next"` } : {};
  return { body, headers: { 'X-Total-Count': String(total), 'X-Limit': String(LIMIT), ...link } };
}

function described(base: string, path: string): Buffer {
  if (path === 'versions') return envelope(JSON.stringify([{ version: '2.2.1', url: `${base}/2.2.1` }]));
  const endpoints = [
    { identifier: 'credentials', role: 'SENDER', url: `${base}/credentials` },
    { identifier: 'locations', role: 'SENDER', url: `${base}/locations` },
  ];
  return envelope(JSON.stringify({ version: '2.2.1', endpoints }));
}

const server = http.createServer((request, response) => {
  request.resume();
  const url = new URL(request.url ?? '', `http://${request.headers.host}`);
  const [, number = '', path = ''] = /^\/(\w+)\/(.*)$/.exec(url.pathname) ?? [];
  const base = `${url.origin}/${number}`;
  const { body, headers } =
    path === 'locations' ? listed(url, base) : { body: described(base, path), headers: {} };
  response
    .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers })
    .end(body);
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', ({ count, party_id }: { count: number; party_id: string }) => {
  prepare(count, party_id);
  process.send?.({ pages: pages.length });
});
process.on('disconnect', () => process.exit(0));
