import type { Pool } from 'pg';
import type { ResultName } from '../../ocpi/module';
import * as sql from './sql';
import type { Vault } from '../vault';

/*
 * URLs of the hub that stand for a partner's own: a response_url, the Link of a relayed list, the Location of a
 * relayed CDR. A name cannot be guessed, opens for one platform only, and its target is kept encrypted.
 */

/**
 * `page`: the next page of a relayed list. `cdr`: a CDR at the receiver's own Location. Else a result to a
 * response_url.
 */
export type ProxiedUrlKind = 'page' | 'cdr' | ResultName;

export interface ProxiedUrl {
  kind: ProxiedUrlKind;
  /** The platform that it leads to. */
  target_partner: string;
  /** Numbers of the parties of the routing headers. */
  from_party: number;
  to_party: number;
  /** The partner's own URL. */
  url: string;
}

export interface NewProxiedUrl extends ProxiedUrl {
  /** The platform that may call it, and no other. */
  partner_id: string;
  /** From now; undefined: it never expires. */
  expiresInS: number | undefined;
}

/**
 * URLs that the hub hands out in place of partners' own (semantics 24 to 26). What stands in the URL is a name of
 * 256 bits that only its hash is kept of; it opens for one platform alone.
 */
export class ProxiedUrls {
  private readonly keeping = new Set<Promise<unknown>>();

  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
  ) {}

  /** Stores it, before it is handed out; the same page or CDR gets the same name again. */
  async handOut(callback: NewProxiedUrl, name: string = this.nameOf(callback)): Promise<string> {
    const { kind, partner_id, target_partner, from_party, to_party, url, expiresInS = null } = callback;
    const values = [this.vault.hash(name), kind, partner_id, target_partner, from_party, to_party, url];
    await this.pool.query({ ...sql.PUT_PROXIED_URL, values: [...values, expiresInS] });
    return name;
  }

  /** A name that was never used. */
  newName(): string {
    return this.vault.newToken().slice(0, 43);
  }

  /** Where it leads, for this platform; undefined where it is unknown, expired or somebody else's. */
  async find(
    name: string,
    asked: { kinds: readonly ProxiedUrlKind[]; partner: string },
  ): Promise<ProxiedUrl | undefined> {
    const values = [this.vault.hash(name), asked.kinds, asked.partner];
    return (await this.pool.query<ProxiedUrl>({ ...sql.FIND_PROXIED_URL, values })).rows[0];
  }

  /** It expires so many seconds from now, but not before this time. */
  keep(name: string, until: { seconds: number; notBefore: Date | null }): Promise<void> {
    const values = [this.vault.hash(name), until.seconds, until.notBefore];
    const keeping = this.pool.query({ ...sql.KEEP_PROXIED_URL, values }).then(() => undefined);
    const done = keeping.catch(() => undefined).finally(() => this.keeping.delete(done));
    this.keeping.add(done);
    return keeping;
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.keeping);
  }

  private nameOf(callback: NewProxiedUrl): string {
    const { kind, partner_id, target_partner, from_party, to_party, url } = callback;
    return this.vault.nameFor([kind, partner_id, target_partner, String(from_party), String(to_party), url]);
  }
}
