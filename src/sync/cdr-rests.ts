/** How the deliveries of CDRs that fail rest while others go on, and how often each was asked for. */
export class CdrRests {
  /** Until when (performance.now()) each rests. */
  private readonly resting = new Map<string, { receiver: number; until: number }>();
  private readonly looks = new Map<string, number>();

  rest(id: string, receiver: number, ms: number): void {
    this.resting.set(id, { receiver, until: performance.now() + ms });
  }

  /** It is done. */
  forget(id: string): void {
    this.resting.delete(id);
    this.looks.delete(id);
  }

  /** Those of a receiver that rest now. */
  of(receiver: number): string[] {
    const now = performance.now();
    const ids: string[] = [];
    for (const [id, rest] of this.resting) {
      if (rest.until <= now) this.resting.delete(id);
      else if (rest.receiver === receiver) ids.push(id);
    }
    return ids;
  }

  /** Milliseconds until the first of a receiver has rested; undefined: none rests. */
  nextIn(receiver: number): number | undefined {
    const ends = [...this.resting.values()].filter((rest) => rest.receiver === receiver).map((r) => r.until);
    return ends.length > 0 ? Math.max(1, Math.min(...ends) - performance.now()) : undefined;
  }

  /** One more GET of it failed; false: so many have that it is no use. */
  looksAgain(id: string, tries: number): boolean {
    const looks = (this.looks.get(id) ?? 0) + 1;
    if (looks < tries) this.looks.set(id, looks);
    else this.looks.delete(id);
    return looks < tries;
  }
}
