import type { Party } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import { receivedModules, maySee } from '../../domain/visibility';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { ownedModule, ownedModules } from '../../ocpi/versions';
import type { Registry } from '../../store/registry/registry';

/** A change or head, as far as it decides who gets it. */
export interface Concerned {
  module: number;
  owner: number;
  counterpart: number | null;
  /** Only for this party: sent again by an admin. */
  receiver?: number | null;
}

/** What a receiver gets: what it may see, of modules that its platform has, never what its own platform holds. */
export class WhatItMaySee {
  private version = -1;
  private known = new Set<OwnedModuleDescriptor>();

  constructor(
    private readonly registry: Registry,
    private readonly who: { receiver: number; partner_id: string },
  ) {}

  get party(): Party | undefined {
    return this.registry.partyByNumber(this.who.receiver);
  }

  get partner(): Partner | undefined {
    return this.registry.partner(this.who.partner_id);
  }

  /** Under policy broadcast: "platform" only a platform's first fitting party is a receiver. */
  modules(): ReadonlySet<OwnedModuleDescriptor> {
    if (this.version === this.registry.version) return this.known;
    const { party, partner } = this;
    this.version = this.registry.version;
    this.known = party && partner ? receivedModules(party, partner, ownedModules) : new Set();
    return this.known;
  }

  concerns(object: Concerned): boolean {
    const module = ownedModule(object.module);
    const owner = this.registry.partyByNumber(object.owner);
    const party = this.party;
    if (!module || !owner || !party || owner.partner === this.who.partner_id) return false;
    if (object.receiver !== undefined && object.receiver !== null && object.receiver !== party.number)
      return false;
    return this.modules().has(module) && maySee(party, { module, owner, counterpart: object.counterpart });
  }
}
