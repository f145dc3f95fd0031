import { setTimeout as pause } from 'node:timers/promises';
import type { Exchange } from '../../simulator';
import type { Partner } from '../partner';

/** An exchange as one partner saw it: `NL/MOV` sent it to the hub, or received it from there. */
export interface Entry extends Exchange {
  who: string;
}

/** What makes an entry: who saw it from which side. */
export interface Hop {
  who: string;
  direction: Exchange['direction'];
}

/** The party that a partner stands for, as in `NL/MOV`. */
export function nameOf({ platform: { parties, name } }: Partner): string {
  const [party] = parties;
  return party === undefined ? name : `${party.country_code}/${party.party_id}`;
}

/** All that partners sent and received since it began to watch, until it was told. */
export class Journal {
  private entries: Entry[] = [];

  constructor(partners: Partner[]) {
    for (const partner of partners) {
      const who = nameOf(partner);
      partner.platform.observe = (exchange) => void this.entries.push({ who, ...exchange });
    }
  }

  /**
   * Takes out one message: what its sender saw first, then the same under the same correlation id at each other hop.
   * @throws Error that names the hop which is not there within limitMs
   */
  async take([sender, ...others]: Hop[], limitMs: number): Promise<Entry[]> {
    const limit = Date.now() + limitMs;
    const sent = await this.find(sender, undefined, limit);
    const correlation = sent.headers['x-correlation-id'];
    const found = [sent];
    for (const hop of others) found.push(await this.find(hop, correlation, limit));
    this.entries = this.entries.filter((entry) => !found.includes(entry));
    return found.sort((a, b) => a.at - b.at);
  }

  /** Takes out all that is left. */
  rest(): Entry[] {
    return this.entries.splice(0).sort((a, b) => a.at - b.at);
  }

  private async find(hop: Hop | undefined, correlation: string | undefined, limit: number): Promise<Entry> {
    if (hop === undefined) throw new Error('a message has a sender');
    for (;;) {
      const entry = this.entries.find((one) => isAt(one, hop, correlation));
      if (entry !== undefined) return entry;
      const id = correlation === undefined ? '' : ` with correlation id ${correlation}`;
      if (Date.now() > limit) throw new Error(`${hop.who} ${hop.direction} nothing${id}`);
      await pause(10);
    }
  }
}

function isAt(entry: Entry, hop: Hop, correlation: string | undefined): boolean {
  const same = correlation === undefined || entry.headers['x-correlation-id'] === correlation;
  return entry.who === hop.who && entry.direction === hop.direction && same;
}
