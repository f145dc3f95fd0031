import { createServer, type Server } from 'node:http';
import { ConfigError, type Config } from './config';
import type { PartnerClient } from './partners/partner-client';

/*
 * The port: tried before anything is made, opened when all is there, closed before anything ends.
 */

type Address = Pick<Config, 'port' | 'host'>;

/** How long requests in flight may still take after SIGTERM. */
const DRAIN_MS = 8000;
/** What a relay that was ended by the hub has to be answered. */
const LAST_ANSWERS_MS = 300;

/** Opens the port; resolves with its number. @throws ConfigError that names PORT or HOST, where it cannot be had */
export function listen(server: Server, at: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(fault(error, at)));
    server.listen(at.port, at.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : at.port);
    });
  });
}

/** Opens the port and closes it again. @throws ConfigError as `listen` */
export async function tryPort(at: Address): Promise<void> {
  const server = createServer();
  await listen(server, at);
  await new Promise((resolve) => server.close(resolve));
}

function fault(error: NodeJS.ErrnoException, { port, host }: Address): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError('PORT', `${port} is in use: set PORT to another, or end what listens there`);
    case 'EACCES':
      return new ConfigError('PORT', `${port} may not be opened by this user: set PORT to one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError('HOST', `${host} is no address of this machine (${error.code})`);
    default:
      return error;
  }
}

/** Closes the port and ends when the last request is answered; relays still open after DRAIN_MS are timed out. */
export function drain(server: Server, client: PartnerClient): Promise<void> {
  return new Promise((resolve) => {
    let late = setTimeout(() => {
      client.endRelays();
      late = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    }, DRAIN_MS);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
