import http from 'node:http';
import type { AddressInfo } from 'node:net';

/* The yardstick of relays: a bare keep-alive pipe proxy to one port. It parses nothing and checks nothing. */

const target = Number(process.argv[2]);
const agent = new http.Agent({ keepAlive: true });

const server = http.createServer((incoming, answer) => {
  const { method, url, headers } = incoming;
  const outgoing = http.request(
    { host: '127.0.0.1', port: target, agent, method, path: url, headers },
    (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    },
  );
  incoming.pipe(outgoing);
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
