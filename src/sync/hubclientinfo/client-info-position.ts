/*
 * How far one partner knows the ClientInfo of the others. Versions are those of the registry, committed in their order:
 * `position` is one up to which it knows everything, `sent` what it knows beyond (one that fails holds back none of
 * the others). Pure.
 */

/** A ClientInfo as far as its turn is concerned. */
export interface Versioned {
  /** Which one: the same for all its versions. */
  place: number;
  version: number;
}

export class ClientInfoPosition {
  private readonly sent = new Map<number, number>();
  private readonly failures = new Map<number, number>();

  constructor(private known: number) {}

  get position(): number {
    return this.known;
  }

  /**
   * The next to send: the oldest change of those that failed least often. undefined: it knows everything up to
   * `version`, that of the registry which the entries were read from.
   */
  next<T extends Versioned>(entries: readonly T[], version: number): T | undefined {
    const open = entries.filter((e) => e.version > this.known && this.sent.get(e.place) !== e.version);
    this.reach(open.reduce((least, e) => Math.min(least, e.version - 1), version));
    const rank = (entry: T): number => this.failures.get(entry.place) ?? 0;
    return open.sort((a, b) => rank(a) - rank(b) || a.version - b.version || a.place - b.place)[0];
  }

  /** Everything up to this version is known to it, or need not be. */
  reach(version: number): void {
    if (version <= this.known) return;
    this.known = version;
    for (const [place, sent] of this.sent) if (sent <= version) this.sent.delete(place);
  }

  /** It has this one, or will not have it. */
  done({ place, version }: Versioned): void {
    this.sent.set(place, version);
    this.failures.delete(place);
  }

  failed({ place }: Versioned): void {
    this.failures.set(place, (this.failures.get(place) ?? 0) + 1);
  }
}
