/** The platforms that this process leases, and until when it may believe so without asking. */
export class Leases {
  private partners: ReadonlySet<string> = new Set();
  private endsAt = Number.NEGATIVE_INFINITY;

  /** @param endsAt performance.now() from which on they are not ours unless renewed */
  renewed(partners: ReadonlySet<string>, endsAt: number): void {
    this.partners = partners;
    this.endsAt = endsAt;
  }

  /** False for a process that slept over the end of its leases. */
  holds(partner: string): boolean {
    return performance.now() < this.endsAt && this.partners.has(partner);
  }

  all(): string[] {
    return performance.now() < this.endsAt ? [...this.partners] : [];
  }
}
