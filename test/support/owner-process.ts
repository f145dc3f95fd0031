import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { EmbeddedPostgres } from '../../src/postgres';
import { bounded } from './wait';

/** A process of its own that runs the embedded PostgreSQL of a folder. */
export interface Owner {
  process: ChildProcess;
  server: Pick<EmbeddedPostgres, 'host' | 'port' | 'user' | 'database' | 'pid' | 'dataDir'>;
  /** Kills the process and waits for its end; its server is left to itself. */
  kill(): Promise<void>;
}

/** Starts the owner and waits until its server is ready; throws what it says when it does not get there. */
export async function startOwner(dataDir: string): Promise<Owner> {
  const program = path.join(__dirname, 'embedded-owner.ts');
  const args = ['-r', path.join(__dirname, 'register.cjs'), program, dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await bounded(firstLine(child), 'the embedded PostgreSQL of another process');
  if ('error' in said) throw new Error(said.error);
  const kill = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await bounded(ended, 'the end of an owner after kill -9');
  };
  return { process: child, server: said, kill };
}

async function firstLine(child: ChildProcess): Promise<Owner['server'] | { error: string }> {
  if (!child.stdout) throw new Error('the owner has no output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('the owner ended without a word');
}
