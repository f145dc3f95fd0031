import type { Logger } from 'pino';
import { fail } from '../../errors';
import { partnerInLog, type Partner, type PartnerInLog } from '../../domain/partner';
import { partyKey, partyWords, type Party, type PartyId } from '../../domain/party';
import type { OwnRole } from '../../ocpi/version';
import type { Database } from '../database';
import { candidatesOf, refusalOfToken, type Candidate } from './authorization';
import { Memory } from './memory';
import { registrationState, type RegistrationState } from './registrations';
import { markFirstUse } from './tokens';
import type { Caller, ClientInfoEntry, RegistryWrite, TokenEntry } from './types';
import { writeRegistry } from './write';
import type { Vault } from '../vault';

/*
 * Who takes part: partners, their parties, tokens and policies. Every request asks it, so it is answered from
 * memory. A write goes to the database first, and every process hears of it by NOTIFY, with a version check behind
 * it. Memory that cannot be checked for a minute is trusted no longer.
 */

export type { Caller, ClientInfoEntry, RegistryWrite, TokenKind } from './types';

export interface RegistryOptions {
  database: Database;
  vault: Vault;
  hub: OwnRole;
  log: Logger;
}

/**
 * Everything about partners, parties, tokens, endpoints and policies, answered from memory and kept right across
 * processes. Every look-up throws HubFault once memory could not be checked against the database for a minute.
 */
export class Registry {
  readonly hub: OwnRole;
  private readonly firstUses = new Map<string, Promise<void>>();

  private constructor(
    private readonly options: RegistryOptions,
    private readonly memory: Memory,
  ) {
    this.hub = options.hub;
  }

  /** Reads everything and keeps watching. */
  static async open(options: RegistryOptions): Promise<Registry> {
    return new Registry(options, await Memory.open(options));
  }

  close(): Promise<void> {
    return this.memory.close();
  }

  /** Raised by every write of any process. */
  get version(): number {
    return this.memory.snapshot.version;
  }

  /** Calls `listener` after every reload; returns what ends that. */
  onChange(listener: () => void): () => void {
    return this.memory.onChange(listener);
  }

  partner(id: string): Partner | undefined {
    return this.memory.snapshot.partners.get(id);
  }

  /** In the order in which they were made. */
  partners(): readonly Partner[] {
    return this.memory.snapshot.partnerList;
  }

  /** From memory alone. */
  party(id: PartyId): Party | undefined {
    return this.memory.snapshot.parties.get(partyKey(id));
  }

  /** As `party`, but memory is checked before it says no: another process may just have made it. */
  async findParty(id: PartyId): Promise<Party | undefined> {
    const known = this.party(id);
    if (known) return known;
    await this.memory.confirm();
    return this.party(id);
  }

  /** Resolves when memory is at least what is committed now. @throws HubFault */
  confirm(): Promise<void> {
    return this.memory.confirm();
  }

  /** As `partner`, but memory is checked first: for admins, who must see what they did through another process. */
  async findPartner(id: string): Promise<Partner | undefined> {
    await this.confirm();
    return this.partner(id);
  }

  partyByNumber(number: number): Party | undefined {
    return this.memory.snapshot.partiesByNumber.get(number);
  }

  /** A partner as a line of the log names it; never throws. */
  partnerInLog(id: string): PartnerInLog {
    return partnerInLog({ id, name: undefined, ...this.memory.lastKnown.partners.get(id) });
  }

  /** A party as a line of the log names it, such as NL/ABC; never throws. */
  partyInLog(number: number): string {
    const party = this.memory.lastKnown.partiesByNumber.get(number);
    return party === undefined ? `party ${number}` : partyWords(party);
  }

  /** All, in whatever state, by number. */
  parties(): readonly Party[] {
    return this.memory.snapshot.partyList;
  }

  /** One per party and role (one that a party had once is SUSPENDED), in the order in which the parties were made. */
  clientInfo(): readonly ClientInfoEntry[] {
    return this.memory.snapshot.clientInfo;
  }

  /** The database's clock, which all processes share, in microseconds since 1970. */
  now(): number {
    return (Date.now() + this.memory.clockAheadMs) * 1000;
  }

  isHub(id: PartyId): boolean {
    return partyKey(id) === partyKey(this.hub);
  }

  /**
   * The platform that an Authorization header speaks for (spec: transport_and_format; semantics 1, 2). At once
   * from memory; a promise where the database is needed: an unknown token, or the first use of a new one, which
   * ends the tokens kept in case it was lost.
   * @throws Unauthorized, HubFault (the promise rejects with the same).
   */
  authenticate(header: string | undefined): Caller | Promise<Caller> {
    const candidates = candidatesOf(header);
    const known = this.match(candidates);
    if (known === undefined) return this.authenticateAnew(candidates);
    return isNew(known.entry) ? this.useFirst(known, candidates) : callerOf(known);
  }

  /** The state of a partner's registration as committed now; undefined if there is no such partner. */
  registrationState(partnerId: string): Promise<RegistrationState | undefined> {
    return registrationState(this.options.database.pool, partnerId);
  }

  /**
   * Runs a write in one transaction; all processes learn of it, this one before the promise resolves.
   * @throws what `work` throws, with nothing changed.
   */
  async write<T>(work: (write: RegistryWrite) => Promise<T>): Promise<T> {
    const { result, version } = await writeRegistry(this.options.database.dataSource, work);
    await this.memory.reachOwn(version);
    return result;
  }

  private match(candidates: readonly Candidate[]): Match | undefined {
    const { tokens } = this.memory.snapshot;
    for (const { token, hash } of candidates) {
      const entry = tokens.get(hash);
      if (entry && (entry.expiresAt === undefined || entry.expiresAt > Date.now())) return { token, entry };
    }
    return undefined;
  }

  private async authenticateAnew(candidates: readonly Candidate[]): Promise<Caller> {
    if (candidates.length === 0)
      fail({ kind: 'Unauthorized', reason: 'Authorization: Token <credentials token> is needed' });
    await this.memory.confirm();
    const known = this.match(candidates) ?? this.refuse(candidates);
    return isNew(known.entry) ? this.useFirst(known, candidates) : callerOf(known);
  }

  private async useFirst({ entry }: Match, candidates: readonly Candidate[]): Promise<Caller> {
    const { hash, partner } = entry;
    const running = this.firstUses.get(hash) ?? this.persistFirstUse(hash, partner.id);
    await running;
    return callerOf(this.match(candidates) ?? this.refuse(candidates));
  }

  private refuse(candidates: readonly Candidate[]): never {
    return fail({ kind: 'Unauthorized', ...refusalOfToken(this.memory.snapshot, candidates) });
  }

  private persistFirstUse(hash: string, partnerId: string): Promise<void> {
    const use = this.write(({ client }) =>
      markFirstUse(client, partnerId, Buffer.from(hash, 'base64')),
    ).finally(() => this.firstUses.delete(hash));
    this.firstUses.set(hash, use);
    return use;
  }
}

interface Match {
  token: string;
  entry: TokenEntry;
}

const isNew = (entry: TokenEntry): boolean => entry.kind === 'C' && !entry.used;

const callerOf = ({ entry, token }: Match): Caller => ({ partner: entry.partner, kind: entry.kind, token });
