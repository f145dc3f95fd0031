import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { alive, signal } from '../../src/postgres/process';
import { startOwner, type Owner } from '../support/owner-process';
import { temporaryFolder } from '../support/test-server';
import { urlOf } from '../support/test-database';
import { eventually } from '../support/wait';

/** A PostgreSQL server of a scenario's own, whose commits are on disk: to be killed, frozen and started again. */
export class OwnDatabase {
  private constructor(
    private readonly folder: string,
    private owner: Owner,
  ) {}

  static async start(): Promise<OwnDatabase> {
    const folder = temporaryFolder();
    return new OwnDatabase(folder, await startOwner(folder));
  }

  /** The same after each restart. */
  get url(): string {
    return urlOf(this.owner.server);
  }

  /** kill -9 of the server with all its processes; it is gone when this resolves. */
  async kill(): Promise<void> {
    const all = await this.processes(); // looked up beforehand, so that the load goes on until the moment of the kill
    for (const pid of all) signal(pid, 'SIGKILL');
    await this.owner.kill();
    await eventually(() => !all.some(alive), 'the end of all processes of the database');
  }

  /** Recovers what was committed. */
  async restart(): Promise<void> {
    this.owner = await startOwner(this.folder);
  }

  /** SIGSTOP of all its processes: it keeps its connections, takes new ones, and says nothing. */
  async freeze(): Promise<void> {
    signal(this.owner.server.pid, 'SIGSTOP'); // first, so that it makes no new ones
    for (const pid of await this.processes()) signal(pid, 'SIGSTOP');
  }

  async wake(): Promise<void> {
    for (const pid of (await this.processes()).toReversed()) signal(pid, 'SIGCONT');
  }

  async end(): Promise<void> {
    await this.wake();
    await this.kill();
    for (const folder of [this.owner.server.dataDir, this.owner.server.host, this.folder])
      fs.rmSync(folder, { recursive: true, force: true });
  }

  /** The postmaster and its children. */
  private async processes(): Promise<number[]> {
    const { pid } = this.owner.server;
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
    const pairs = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    return [pid, ...pairs.filter(([, parent]) => parent === pid).flatMap(([child = 0]) => [child])];
  }
}
