import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { startEmbedded } from '../src/postgres';

/*
 * Y1, a process of its own: node:http that parses the JSON body and does one prepared upsert with its commit through
 * pg, pool 10, on an embedded PostgreSQL with the hub's own settings. No tokens, no checks, no change log.
 */

const ANSWER = '{"status_code":1000}';
const HEADERS = { 'Content-Type': 'application/json', 'Content-Length': ANSWER.length };

function upsert(pool: Pool, url: string, text: string): Promise<unknown> {
  return pool.query({
    name: 'upsert',
    text: 'insert into object (id, text) values ($1, $2) on conflict (id) do update set text = excluded.text',
    values: [url, text],
  });
}

function serve(pool: Pool): http.Server {
  return http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      JSON.parse(text);
      upsert(pool, request.url ?? '', text).then(
        () => response.writeHead(200, HEADERS).end(ANSWER),
        () => response.writeHead(500).end(),
      );
    });
  });
}

async function main(dataDir: string): Promise<void> {
  const embedded = await startEmbedded({ dataDir });
  const { host, port, user, database } = embedded;
  const pool = new Pool({ host, port, user, database, max: 10 });
  pool.on('error', () => undefined); // connections that the server's end closes
  await pool.query('create table object (id text primary key, text text not null) with (fillfactor = 80)');
  const server = serve(pool);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address() as AddressInfo;
    process.send?.({ port: address.port });
  });
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await pool.end();
    await embedded.stop();
    process.exit(0);
  };
  process.once('disconnect', () => void end());
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
}

void main(process.argv[2] ?? '');
