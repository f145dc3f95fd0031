import type { ChildProcess } from 'node:child_process';
import { answerOf, startChild } from './children';
import type { Load, LoadResult, ReceiversQuestion, Sample } from './messages';

/** The load generator's process, from the bench's side. */
export class Generator {
  private constructor(private readonly child: ChildProcess) {}

  static async start(): Promise<Generator> {
    return new Generator((await startChild('load.js')).child);
  }

  /** Runs a load. @throws Error where anything was refused: then there is nothing to compare. */
  async run(load: Load): Promise<LoadResult> {
    const result = await answerOf<LoadResult>(this.child, load);
    if (result.refused > 0)
      throw new Error(`${result.refused} of a ${load.work.kind} were refused, e.g. ${result.example}`);
    return result;
  }

  /** Runs a load; answers a second. */
  async rate(load: Load): Promise<number> {
    const { done, ms } = await this.run(load);
    return (done * 1000) / ms;
  }
}

const POLL_MS = 20;

/** The receivers' process, from the bench's side. */
export class Receivers {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<Receivers> {
    const { child, first } = await startChild<{ port: number }>('receivers.js');
    return new Receivers(child, first.port);
  }

  async received(): Promise<number> {
    return (await this.ask('count')).received;
  }

  async sample(): Promise<string[]> {
    return (await this.ask('sample')).requests;
  }

  async forget(): Promise<void> {
    await this.ask('forget');
  }

  /** From now on a platform hangs up on whoever calls it, or no longer. */
  async refuse(platform: number, refuse: boolean): Promise<void> {
    await this.ask({ platform, refuse });
  }

  private ask(question: ReceiversQuestion): Promise<Sample> {
    return answerOf<Sample>(this.child, question);
  }

  /** Resolves when so many pushes came in all. @throws Error after `ms`. */
  async until(total: number, ms: number): Promise<void> {
    for (const end = Date.now() + ms; (await this.received()) < total; await pause(POLL_MS))
      if (Date.now() > end) throw new Error(`of ${total} pushes ${await this.received()} came`);
  }

  /** Resolves when no push came for `quiet` ms, at the latest after `limit` ms. */
  async untilQuiet(quiet: number, limit: number): Promise<void> {
    let known = await this.received();
    let since = Date.now();
    for (
      const end = Date.now() + limit;
      Date.now() < end && Date.now() - since < quiet;
      await pause(POLL_MS)
    ) {
      const now = await this.received();
      if (now !== known) since = Date.now();
      known = now;
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
