/** Who waits for something that a request may bring about. */
interface Waiter {
  check(): void;
}

/** Conditions that are looked at each time something happened. */
export class Waiting {
  private readonly waiters = new Set<Waiter>();

  /** Tells that something happened. */
  notify(): void {
    for (const waiter of [...this.waiters]) waiter.check();
  }

  /** Resolves as soon as the condition holds. @throws Error with `message()` after timeoutMs, or what the condition throws */
  async until(holds: () => boolean, limit: { timeoutMs: number; message: () => string }): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        settle();
      };
      const timer = setTimeout(() => end(() => reject(new Error(limit.message()))), limit.timeoutMs);
      const waiter = {
        check: () => attempt(holds, { met: () => end(resolve), failed: (e) => end(() => reject(e)) }),
      };
      this.waiters.add(waiter);
    });
  }
}

function attempt(holds: () => boolean, then: { met: () => void; failed: (error: Error) => void }): void {
  try {
    if (holds()) then.met();
  } catch (error) {
    then.failed(error instanceof Error ? error : new Error(String(error)));
  }
}
