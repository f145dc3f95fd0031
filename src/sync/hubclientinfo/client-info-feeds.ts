import type { ClientInfoPositions } from '../../store/hubclientinfo/client-info-positions';
import type { Leases } from '../leases/leases';
import { ClientInfoFeed, type ClientInfoParts } from './client-info-feed';

/** Pushes ClientInfo to the partners that this process leases, each from its position, which is kept in the store. */
export class ClientInfoFeeds {
  private readonly feeds = new Map<string, ClientInfoFeed>();
  private readonly saved = new Map<string, number>();
  private readonly parts: ClientInfoParts;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    parts: Omit<ClientInfoParts, 'onSent'>,
    private readonly store: ClientInfoPositions,
  ) {
    this.parts = { ...parts, onSent: () => void this.save() };
  }

  /** Begins and ends with the leases. */
  async lease(leases: Leases): Promise<void> {
    const ended: Promise<void>[] = [];
    for (const [partner, feed] of this.feeds) {
      if (leases.of(partner) === feed.lease) continue;
      this.feeds.delete(partner);
      ended.push(feed.end());
    }
    await Promise.all(ended); // at once: what was under way is cut off with its lease
    const anew = leases.all().filter((partner) => !this.feeds.has(partner));
    if (anew.length > 0) await this.begin(anew, leases);
  }

  private async begin(partners: readonly string[], leases: Leases): Promise<void> {
    const positions = await this.store.positions(partners);
    for (const partner of partners) {
      const lease = leases.of(partner);
      if (!lease) continue;
      const position = positions.get(partner) ?? this.parts.registry.version;
      const feed = new ClientInfoFeed(this.parts, partner, { position, lease });
      this.feeds.set(partner, feed);
      this.saved.set(partner, position);
      feed.wake();
    }
  }

  /** The registry changed. */
  wakeAll(): void {
    for (const feed of this.feeds.values()) feed.wake();
  }

  wake(partner: string): void {
    this.feeds.get(partner)?.wake();
  }

  /** Saves the positions that moved; what fails is saved the next time. */
  save(): Promise<void> {
    this.saving = this.saving
      .then(() => this.saveNow())
      .catch((error: unknown) =>
        this.parts.log.debug({ err: error }, 'positions of ClientInfo are saved later'),
      );
    return this.saving;
  }

  private async saveNow(): Promise<void> {
    const moved = new Map<string, number>();
    for (const [partner, { place }] of this.feeds)
      if (place.position !== this.saved.get(partner)) moved.set(partner, place.position);
    if (moved.size === 0) return;
    await this.store.save(moved);
    for (const [partner, position] of moved) this.saved.set(partner, position);
  }

  /** PUTs under way are finished, positions saved. */
  async end(): Promise<void> {
    await Promise.all([...this.feeds.values()].map((feed) => feed.end()));
    await this.save();
  }
}
