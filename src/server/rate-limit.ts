import { fail } from '../errors';

/**
 * Requests per second and partner (RATE_LIMIT_PER_SECOND; 0: off). A bucket that refills evenly and holds one
 * second's worth, so that a burst of that size passes.
 */
export class RateLimit {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(private readonly perSecond: number) {}

  /** @throws TooManyRequests */
  take(partner: string, now: number = performance.now()): void {
    if (this.perSecond === 0) return;
    const bucket = this.buckets.get(partner) ?? { left: this.perSecond, at: now };
    bucket.left = Math.min(this.perSecond, bucket.left + ((now - bucket.at) / 1000) * this.perSecond);
    bucket.at = now;
    this.buckets.set(partner, bucket);
    if (bucket.left < 1) fail({ kind: 'TooManyRequests' });
    bucket.left--;
  }
}
