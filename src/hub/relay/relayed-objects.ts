import type { Logger } from 'pino';
import { isRefusal, OcpiFailure } from '../../errors';
import { isFields } from '../../domain/json/fields';
import { partnerInLog } from '../../domain/partner';
import { partyWords, type Party } from '../../domain/party';
import { wildcard } from '../../ocpi/check';

import { retryDelay } from '../../domain/retry';
import type { Incoming } from '../objects/incoming';
import type { Stores } from '../context';
import { fold } from '../../domain/ci-string';
import { receiveObject } from '../objects/receive';

/*
 * Sessions and CDRs that a receiver accepted are kept (semantics 31), before their sender gets the answer: what is
 * acknowledged is stored. Where storing fails the accepted answer is passed on all the same, and storing is tried
 * again here; a process that dies meanwhile loses the hub's copy, never the receiver's.
 */

const BOUNDS = { minMs: 200, maxMs: 30_000 };
/** What is tried again at the same time; beyond it, the oldest is given up. */
const MOST = 10_000;

type Tried = 'stored' | 'refused' | 'failed';

/** What waits of one object, in the order of its messages: a PATCH means nothing before its PUT. */
interface Waiting {
  messages: Incoming[];
  attempts: number;
  timer: NodeJS.Timeout | undefined;
}

const objectOf = ({ module, owner, ids, body }: Incoming): string =>
  JSON.stringify([module.number, owner.number, ids.length > 0 ? ids.map(fold) : body.text]);

/** Stores what was relayed and accepted. */
export class RelayedObjects {
  private readonly waiting = new Map<string, Waiting>();
  private size = 0;

  constructor(
    private readonly stores: Stores,
    private readonly log: Logger,
  ) {}

  /** Resolves when it was tried once; never rejects. An object that the sender's policy refuses is not kept. */
  async keep(incoming: Incoming): Promise<void> {
    if (!this.waiting.has(objectOf(incoming)) && (await this.try(incoming)) !== 'failed') return;
    this.tryLater(incoming);
  }

  /** One last try of everything that still waits. */
  async close(): Promise<void> {
    const left = [...this.waiting.values()];
    for (const { timer } of left) clearTimeout(timer);
    await Promise.all(left.map((waiting) => this.tryAll(waiting)));
    if (this.size > 0) this.log.error({ lost: this.size }, 'relayed objects could not be stored');
    this.waiting.clear();
  }

  private async try(incoming: Incoming): Promise<Tried> {
    try {
      await receiveObject(this.stores, incoming);
      return 'stored';
    } catch (error) {
      const { ids, correlation_id, relayed } = incoming;
      if (isRefusal(error) && relayed) {
        const copy = { ...incoming, receiver: relayed.receiver };
        await tellNotKept(this.stores, this.log, { copy, error });
        return 'refused';
      }
      const of = { module: incoming.module.identifier, ids, correlation_id };
      this.log.warn({ err: error, ...of }, 'a relayed object is not stored yet');
      return 'failed';
    }
  }

  private tryLater(incoming: Incoming): void {
    if (this.size >= MOST) this.giveUpOldest();
    this.size++;
    const object = objectOf(incoming);
    const known = this.waiting.get(object);
    if (known) known.messages.push(incoming);
    else this.wait(object, { messages: [incoming], attempts: 1, timer: undefined });
  }

  private wait(object: string, waiting: Waiting): void {
    this.waiting.set(object, waiting);
    const run = async (): Promise<void> => {
      await this.tryAll(waiting);
      if (this.waiting.get(object) !== waiting) return; // given up, or the end has come
      waiting.attempts++;
      if (waiting.messages.length === 0) this.waiting.delete(object);
      else this.wait(object, waiting);
    };
    waiting.timer = setTimeout(() => void run(), retryDelay(waiting.attempts, BOUNDS, Math.random()));
  }

  /** Until one fails again. */
  private async tryAll({ messages }: Waiting): Promise<void> {
    for (let next = messages[0]; next; next = messages[0]) {
      if ((await this.try(next)) === 'failed') return;
      if (messages[0] === next) this.drop(messages);
    }
  }

  private drop(messages: Incoming[]): Incoming | undefined {
    this.size--;
    return messages.shift();
  }

  private giveUpOldest(): void {
    const [object, oldest] = this.waiting.entries().next().value ?? [];
    const lost = oldest && this.drop(oldest.messages);
    if (object === undefined || !oldest || !lost) return;
    if (oldest.messages.length === 0) {
      clearTimeout(oldest.timer);
      this.waiting.delete(object);
    }
    this.log.error({ module: lost.module.identifier, ids: lost.ids }, 'a relayed object was not stored');
  }
}

/** A relayed object that its receiver accepted and the hub refuses. */
type RefusedCopy = Incoming & { receiver: Party };

/** The rule that a refusal names. */
function ruleOf(error: unknown): string {
  if (!(error instanceof OcpiFailure)) return 'unreadable';
  return error.error.kind === 'Invalid' ? error.error.message : error.error.kind;
}

function idOf({ ids, module, body }: RefusedCopy): string {
  const id = isFields(body.value) ? body.value[module.idField] : undefined;
  return ids[0] ?? (typeof id === 'string' ? id : '');
}

/** Makes it known: a finding, a line in the log, and a row that an admin settles (semantics 31a). Never rejects. */
async function tellNotKept(
  { findings, notKept }: Pick<Stores, 'findings' | 'notKept'>,
  log: Logger,
  { copy, error }: { copy: RefusedCopy; error: unknown },
): Promise<void> {
  const { partner, module, owner, receiver, method, correlation_id } = copy;
  const rule = ruleOf(error);
  const object_id = idOf(copy);
  const [, path = '$', words = rule] = /^(\$[^:]*): (.*)$/s.exec(rule) ?? [];
  const item = { path: wildcard(path), rule: `not kept: ${words}`.slice(0, 300), example_id: object_id };
  findings.record(partner.id, module.identifier, [item]);
  const parties = { party: partyWords(owner), receiver: partyWords(receiver) };
  const fields = {
    ...partnerInLog(partner),
    ...parties,
    module: module.identifier,
    object_id,
    rule,
    correlation_id,
  };
  log.warn(fields, 'the receiver accepted this object, but the copy of the hub was refused');
  const numbers = { module: module.number, owner: owner.number, receiver: receiver.number };
  const row = {
    partner_id: partner.id,
    ...numbers,
    object_id,
    method,
    rule,
    offered: copy.body.text,
    correlation_id,
  };
  await notKept
    .record(row)
    .catch((err: unknown) => log.error({ err, ...fields }, 'it could not be noted either'));
}
