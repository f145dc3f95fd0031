import type { Server } from 'node:http';
import type { Config } from './config';
import type { PartnerClient } from './partners/partner-client';

/* The port: opened when all is there, closed before anything ends. */

/** How long requests in flight may still take after SIGTERM. */
const DRAIN_MS = 8000;
/** What a relay that was ended by the hub has to be answered. */
const LAST_ANSWERS_MS = 300;

/** Opens the port; resolves with its number. @throws Error where it cannot be had */
export function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : config.port);
    });
  });
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
