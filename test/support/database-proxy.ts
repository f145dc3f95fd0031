import { Transform } from 'node:stream';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { TestConnection } from './test-database';

/** Between a hub and its database: can be cut (connections reset, new ones refused) or made to hang. */
export interface DatabaseProxy {
  url: string;
  cut(): void;
  hang(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Node cannot reset a socket that ends already (EINVAL), and then never closes its handle: the process that runs the test
 * would not end.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

const rewriting = (rewrite: (said: Buffer) => Buffer): Transform =>
  new Transform({ transform: (said: Buffer, _encoding, done) => done(null, rewrite(said)) });

/**
 * A TCP port in front of the database's socket.
 * @param rewrite changes what the database says
 */
export async function databaseProxy(
  { host, port, user, database }: TestConnection,
  rewrite: (said: Buffer) => Buffer = (said) => said,
): Promise<DatabaseProxy> {
  const open = new Set<[Socket, Socket]>();
  let hanging = false;
  const server = net.createServer((client) => {
    const target = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host);
    const pair: [Socket, Socket] = [client, target];
    open.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    client.pipe(target);
    target.pipe(rewriting(rewrite)).pipe(client);
    if (hanging) for (const socket of pair) socket.pause();
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: own } = server.address() as AddressInfo;
  const drop = (): void => {
    for (const [client, target] of open) {
      reset(client);
      target.destroy();
    }
  };
  return {
    url: `postgresql://${user}@127.0.0.1:${own}/${database}`,
    cut: () => {
      server.close();
      drop();
    },
    hang: () => {
      hanging = true;
      for (const pair of open) for (const socket of pair) socket.pause();
    },
    restore: async () => {
      if (hanging) for (const pair of open) for (const socket of pair) socket.resume();
      hanging = false;
      if (!server.listening) await listen(own);
    },
    close: async () => {
      drop();
      await new Promise((resolve) => (server.listening ? server.close(resolve) : resolve(undefined)));
    },
  };
}
