import type { ClientInfoPositions } from '../../store/hubclientinfo/client-info-positions';
import type { SyncContext } from '../context';
import { Loop } from '../loop';
import { ClientInfoFeed } from './client-info-feed';

/*
 * Every partner learns who is connected (spec: mod_hub_client_info, Push model). Each partner that this process leases
 * has a feed of its own and a position, which is kept in the store: a restart pushes only what the partner lacks.
 */

export class ClientInfoFeeds {
  private readonly feeds = new Map<string, ClientInfoFeed>();
  private readonly saved = new Map<string, number>();
  private readonly saving: Loop;

  constructor(
    private readonly context: SyncContext,
    private readonly positions: ClientInfoPositions,
  ) {
    const { log } = context;
    const failed = 'positions of ClientInfo are saved later';
    this.saving = new Loop(() => this.saveMoved(), { log, failed, level: 'debug' });
  }

  /** Begins and ends feeds with the leases. */
  async lease(): Promise<void> {
    const { leases } = this.context;
    const ended: Promise<void>[] = [];
    for (const [partner, feed] of this.feeds) {
      if (leases.of(partner) === feed.lease) continue;
      this.feeds.delete(partner);
      ended.push(feed.end());
    }
    await Promise.all(ended); // at once: what was under way is cut off with its lease
    const fresh = leases.all().filter((partner) => !this.feeds.has(partner));
    if (fresh.length > 0) await this.begin(fresh);
  }

  private async begin(partners: readonly string[]): Promise<void> {
    const { leases, registry } = this.context;
    const positions = await this.positions.positions(partners);
    for (const partner of partners) {
      const lease = leases.of(partner);
      if (!lease) continue;
      const position = positions.get(partner) ?? registry.version;
      const onSent = (): void => this.saving.wake();
      const feed = new ClientInfoFeed(this.context, partner, { position, lease, onSent });
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
    return this.saving.ran();
  }

  private async saveMoved(): Promise<void> {
    const moved = new Map<string, number>();
    for (const [partner, { position }] of this.feeds)
      if (position.position !== this.saved.get(partner)) moved.set(partner, position.position);
    if (moved.size === 0) return;
    await this.positions.save(moved);
    for (const [partner, position] of moved) this.saved.set(partner, position);
  }

  /** PUTs under way are finished, positions saved. */
  async end(): Promise<void> {
    await Promise.all([...this.feeds.values()].map((feed) => feed.end()));
    await this.save();
    await this.saving.end();
  }
}
