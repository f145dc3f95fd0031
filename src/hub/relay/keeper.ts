import type { Logger } from 'pino';
import { isRefusal } from '../../errors';
import { retryDelay } from '../../domain/retry-delay';
import type { Incoming, Stores } from '../incoming';
import { receiveCdr } from '../receive-cdr';
import { receiveFlat } from '../receive-flat';

/*
 * Sessions and CDRs that a receiver accepted are kept (HUB-SEMANTICS 31), before their sender gets the answer: what is
 * acknowledged is stored. Where storing fails the accepted answer is passed on all the same, and storing is tried
 * again here; a process that dies meanwhile loses the hub's copy, never the receiver's.
 */

const BOUNDS = { minMs: 200, maxMs: 30_000 };
/** What is tried again at the same time; beyond it, the oldest is given up. */
const MOST = 10_000;

type Tried = 'stored' | 'refused' | 'failed';

/** Stores what was relayed and accepted. */
export class Keeper {
  private readonly waiting = new Map<Incoming, { attempts: number; timer: NodeJS.Timeout }>();

  constructor(
    private readonly stores: Stores,
    private readonly log: Logger,
  ) {}

  /** Resolves when it was tried once; never rejects. An object that the sender's policy refuses is not kept. */
  async keep(incoming: Incoming): Promise<void> {
    if ((await this.try(incoming)) === 'failed') this.tryLater(incoming, 1);
  }

  /** One last try of everything that still waits. */
  async close(): Promise<void> {
    const left = [...this.waiting];
    this.waiting.clear();
    for (const [, { timer }] of left) clearTimeout(timer);
    const tried = await Promise.all(left.map(([incoming]) => this.try(incoming)));
    const lost = tried.filter((outcome) => outcome === 'failed').length;
    if (lost > 0) this.log.error({ lost }, 'relayed objects could not be stored');
  }

  private async try(incoming: Incoming): Promise<Tried> {
    try {
      await (incoming.module === 'cdrs' ? receiveCdr : receiveFlat)(this.stores, incoming);
      return 'stored';
    } catch (error) {
      const refused = isRefusal(error);
      const { module, ids, correlation_id } = incoming;
      this.log[refused ? 'info' : 'warn']({ err: error, module, ids, correlation_id }, 'not kept');
      return refused ? 'refused' : 'failed';
    }
  }

  private tryLater(incoming: Incoming, attempts: number): void {
    const oldest = this.waiting.keys().next();
    if (this.waiting.size >= MOST && !oldest.done) this.giveUp(oldest.value);
    const run = async (): Promise<void> => {
      if ((await this.try(incoming)) !== 'failed') this.waiting.delete(incoming);
      else if (this.waiting.has(incoming)) this.tryLater(incoming, attempts + 1);
    };
    const timer = setTimeout(() => void run(), retryDelay(attempts, BOUNDS, Math.random()));
    this.waiting.set(incoming, { attempts, timer });
  }

  private giveUp(incoming: Incoming): void {
    clearTimeout(this.waiting.get(incoming)?.timer);
    this.waiting.delete(incoming);
    this.log.error({ module: incoming.module, ids: incoming.ids }, 'a relayed object was not stored');
  }
}
