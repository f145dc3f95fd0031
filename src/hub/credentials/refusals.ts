import type { Logger } from 'pino';
import type { Partner } from '../../domain/partner';
import type { Contacts } from '../../store/alive/contacts';

/*
 * Registrations that fail, and calls with tokens that are dead, leave a trace: one line in the log and the partner's
 * last error, with which an admin can help. Who repeats a refused call a thousand times causes one line in five
 * seconds, and one write.
 */

/** What was refused. Nothing of it may hold a secret. */
export interface Refusal {
  partner: Pick<Partner, 'id' | 'name'>;
  /** POST credentials, PUT credentials, token (that is dead or does not fit), handshake (that the hub started). */
  kind: string;
  reason: string;
  correlation_id: string;
  /** From where it came. */
  address?: string | undefined;
}

const WINDOW_MS = 5000;
/** Lines per partner within that, each of another text. */
const MOST_LINES = 10;
const LONGEST = 500;

interface Window {
  since: number;
  texts: Set<string>;
}

/** Notes refusals, bounded per partner. */
export class Refusals {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly contacts: Pick<Contacts, 'noted'>,
    private readonly log: Logger,
  ) {}

  /** One warn line, and the partner's last error. Returns at once. */
  note({ partner, kind, reason, correlation_id, address }: Refusal): void {
    const text = storable(`${kind}: ${reason}`);
    this.contacts.noted(partner.id, text);
    if (!this.isNew(partner.id, text)) return;
    this.log.warn(
      { partner: partner.id, name: partner.name, kind, reason: storable(reason), correlation_id, address },
      kind === 'token' ? 'a token was refused' : 'a registration was refused',
    );
  }

  private isNew(partner: string, text: string): boolean {
    const now = performance.now();
    const known = this.windows.get(partner);
    if (!known || now - known.since >= WINDOW_MS) {
      this.windows.set(partner, { since: now, texts: new Set([text]) });
      return true;
    }
    if (known.texts.size >= MOST_LINES || known.texts.has(text)) return false;
    known.texts.add(text);
    return true;
  }
}

/** PostgreSQL has no place for U+0000 in a text. */
const storable = (text: string): string => text.slice(0, LONGEST).replaceAll('\0', '');
