/*
 * Writes go before pushes: while requests are being written, a process pushes with few connections, so that partners
 * who push to the hub are not kept waiting by what goes out. What waits meanwhile folds.
 */

const WHILE_WRITING = 2;
const OTHERWISE = 128;

export class WriteFirstGate {
  private inside = 0;
  private readonly waiting = new Set<() => void>();

  /** @param isWriting tells whether a batch of writes is under way */
  constructor(private readonly isWriting: () => boolean) {}

  /** True where one more push may begin; else `again` is called when it is worth another try. */
  enter(again: () => void): boolean {
    if (this.inside >= (this.isWriting() ? WHILE_WRITING : OTHERWISE)) {
      this.waiting.add(again);
      return false;
    }
    this.inside++;
    return true;
  }

  leave(): void {
    this.inside--;
    const again = this.waiting.values().next().value;
    if (!again) return;
    this.waiting.delete(again);
    again();
  }
}
