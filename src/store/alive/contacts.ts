import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { mergeContact, newContact, type Contact } from './contact';
import { saveContacts } from './sql';

/*
 * When each partner called and was reached, as all processes saw it. The alive watch decides by it who is OFFLINE.
 */

/** News is saved within this; it folds what comes in one burst. */
const GATHER_MS = 50;
const LONGEST_QUIET_MS = 30_000;
/** What is noted of a partner is saved this often at most. */
const NOTE_EVERY_MS = 2000;

/**
 * When each partner called and was reached, kept in memory and saved for all processes: at once where that is news (it
 * was OFFLINE, requests fail, or pass again), else every half minute at most, so that traffic costs no writes.
 */
export class Contacts {
  private pending = new Map<string, Contact>();
  private readonly savedAt = new Map<string, number>();
  /** Partners whose requests failed last, and those that are OFFLINE: their next contact is news. */
  private readonly failing = new Set<string>();
  private offline: ReadonlySet<string> = new Set();
  private registered: ReadonlySet<string> = new Set();
  private readonly news = new Set<string>();
  /** Partners of whom something was noted that is not saved yet. */
  private readonly notes = new Set<string>();
  private readonly quietMs: number;
  private soon: NodeJS.Timeout | undefined;
  private readonly timer: NodeJS.Timeout;
  private saving: Promise<void> = Promise.resolve();
  private listener: ((partners: readonly string[]) => void) | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly options: { log: Logger; aliveCheckS: number },
  ) {
    this.quietMs = Math.min(LONGEST_QUIET_MS, (options.aliveCheckS * 1000) / 4);
    this.timer = setInterval(() => void this.save(), Math.min(2000, this.quietMs)).unref();
  }

  /** Tells which partners there is news of, once it is saved. */
  onNews(listener: (partners: readonly string[]) => void): void {
    this.listener = listener;
  }

  /** Only of the registered is anything kept; of those that are OFFLINE the next sign of life is news. */
  follow(partners: { registered: ReadonlySet<string>; offline: ReadonlySet<string> }): void {
    this.registered = partners.registered;
    this.offline = partners.offline;
  }

  /** It called the hub. */
  heardFrom(partner: string): void {
    if (!this.registered.has(partner)) return;
    this.of(partner).heardAt = performance.now();
    if (this.offline.has(partner)) this.tell(partner);
  }

  /** A request to it went through. */
  reached(partner: string): void {
    if (!this.registered.has(partner)) return;
    const contact = this.of(partner);
    contact.successAt = performance.now();
    contact.failures = 0;
    contact.failingAt = undefined;
    if (this.failing.delete(partner) || this.offline.has(partner)) this.tell(partner);
  }

  /** A request to it failed on the way. `error` holds no secrets. */
  failed(partner: string, error: string): void {
    if (!this.registered.has(partner)) return;
    const contact = this.of(partner);
    const now = performance.now();
    contact.failures++;
    contact.failingAt ??= now;
    contact.error = error;
    contact.errorAt = now;
    if (this.failing.has(partner)) return; // saved with the next ones: a busy relay may fail often
    this.failing.add(partner);
    this.tell(partner);
  }

  /**
   * The hub refused it, or it refused the hub: its last error, whether it is registered or not. Says nothing about
   * whether it can be reached, and many at once cost one write. `error` holds no secrets.
   */
  noted(partner: string, error: string): void {
    const contact = this.of(partner);
    contact.error = error;
    contact.errorAt = performance.now();
    this.notes.add(partner);
    this.saveSoon();
  }

  /**
   * Saves what is news or was last saved long ago; with `all`, everything. Rejects never: it is kept for the next
   * time.
   */
  save(all = false): Promise<void> {
    this.saving = this.saving.then(() => this.saveNow(all));
    return this.saving;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.soon);
    this.listener = undefined;
    await this.save(true);
  }

  private of(partner: string): Contact {
    let contact = this.pending.get(partner);
    if (!contact) this.pending.set(partner, (contact = newContact()));
    return contact;
  }

  private tell(partner: string): void {
    this.news.add(partner);
    this.saveSoon();
  }

  private saveSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.save();
    }, GATHER_MS).unref();
  }

  private async saveNow(all: boolean): Promise<void> {
    const told = [...this.news];
    this.news.clear();
    const due = this.take(new Set(told), all);
    try {
      if (due.size > 0) await saveContacts(this.pool, due);
    } catch (error) {
      this.options.log.debug({ err: error }, 'contacts are saved later');
      this.giveBack(due);
      for (const partner of told) this.news.add(partner);
      return;
    }
    if (told.length > 0) this.listener?.(told);
  }

  private take(told: ReadonlySet<string>, all: boolean): Map<string, Contact> {
    const now = performance.now();
    const due = new Map<string, Contact>();
    for (const [partner, contact] of this.pending) {
      const quietMs = this.notes.has(partner) ? Math.min(NOTE_EVERY_MS, this.quietMs) : this.quietMs;
      const last = this.savedAt.get(partner) ?? Number.NEGATIVE_INFINITY;
      const isDue = all || told.has(partner) || this.failing.has(partner) || now - last >= quietMs;
      if (!isDue) continue;
      this.notes.delete(partner);
      due.set(partner, contact);
      this.pending.delete(partner);
      this.savedAt.set(partner, now);
    }
    return due;
  }

  private giveBack(due: ReadonlyMap<string, Contact>): void {
    for (const [partner, older] of due) {
      this.pending.set(partner, mergeContact(older, this.pending.get(partner)));
      this.savedAt.delete(partner);
      if (older.error !== undefined) this.notes.add(partner);
    }
  }
}
