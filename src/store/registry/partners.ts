import { In } from 'typeorm';
import { AdminFailure, fail } from '../../errors';
import type { Policies } from '../../domain/partner';
import { partyKey } from '../../domain/party';
import { announceParties } from '../full-push';
import { PartnerEntity, PartyEntity } from './entities';
import {
  lockParties,
  partiesOf,
  releaseParties,
  resumeParties,
  suspendParties,
  type RoleEntry,
} from './parties';
import { lockRegistration } from './registrations';
import { dropTokens, issueToken } from './tokens';
import type { RegistryWrite } from './types';

/*
 * What admins do to partners: through repositories, within the transaction of Registry.write. Where the partner is
 * gone, AdminNotFound.
 */

export function partnerNotFound(): never {
  throw new AdminFailure({ kind: 'AdminNotFound', what: 'partner' });
}

async function lock(
  { client }: RegistryWrite,
  partnerId: string,
): Promise<Awaited<ReturnType<typeof lockRegistration>>> {
  return (await lockRegistration(client, partnerId)) ?? partnerNotFound();
}

/**
 * Makes a partner with its token A; parties that are named beforehand are PLANNED until they connect.
 * @throws PartyTaken
 */
export async function createPartner(
  write: RegistryWrite,
  partner: {
    name: string;
    parties: readonly RoleEntry[];
    policies: Partial<Policies>;
    tokenHash: Buffer;
  },
): Promise<string> {
  const { id } = await write.manager
    .getRepository(PartnerEntity)
    .save({ name: partner.name, ...partner.policies });
  await nameParties(write, id, partner.parties);
  await issueToken(write.client, { partnerId: id, kind: 'A', hash: partner.tokenHash });
  return id;
}

/** A party that was connected once, and was released since, is SUSPENDED until it connects again. */
async function nameParties(
  { client, manager }: RegistryWrite,
  partnerId: string,
  entries: readonly RoleEntry[],
): Promise<void> {
  const named = partiesOf(entries);
  const rows = await lockParties(client, partnerId, named);
  for (const { roles, business_details: _, ...party } of named) {
    const row = rows.get(partyKey(party)) ?? fail({ kind: 'HubFault' });
    const former_roles = [...row.former_roles, ...row.roles].filter((role) => !roles.includes(role));
    const change = { ...party, partner_id: partnerId, roles, former_roles, info_version: null };
    await manager.getRepository(PartyEntity).update({ number: row.number }, change);
  }
}

/** A fresh token A in the place of the last one; @throws AdminConflict while the partner is registered. */
export async function renewTokenA(write: RegistryWrite, partnerId: string, hash: Buffer): Promise<void> {
  const state = await lock(write, partnerId);
  if (state?.status === 'REGISTERED') {
    throw new AdminFailure({
      kind: 'AdminConflict',
      detail: 'the partner is registered: it renews its token by PUT credentials',
    });
  }
  await dropTokens(write.client, partnerId, { fate: 'renewed' });
  await issueToken(write.client, { partnerId, kind: 'A', hash });
}

/** A change of `broadcast` makes other parties receivers: they get everything. */
export async function changePolicies(
  write: RegistryWrite,
  partnerId: string,
  change: { policies: Partial<Policies>; correlationId: string },
): Promise<void> {
  const partners = write.manager.getRepository(PartnerEntity);
  const before = (await partners.findOneBy({ id: partnerId })) ?? partnerNotFound();
  if (Object.keys(change.policies).length > 0) await partners.update({ id: partnerId }, change.policies);
  const { broadcast } = change.policies;
  if (broadcast === undefined || broadcast === before.broadcast) return;
  const parties = await write.manager
    .getRepository(PartyEntity)
    .findBy({ partner_id: partnerId, status: In(['CONNECTED', 'OFFLINE']) });
  await announceParties(
    write.client,
    parties.map((party) => party.number),
    change.correlationId,
  );
}

/** No traffic to and from the partner's parties; others see them SUSPENDED. */
export async function suspendPartner(write: RegistryWrite, partnerId: string): Promise<void> {
  await lock(write, partnerId);
  await write.manager.getRepository(PartnerEntity).update({ id: partnerId }, { suspended: true });
  await suspendParties(write.client, partnerId);
}

/** The end of a suspension: what the partner's credentials name is CONNECTED, and is announced. */
export async function resumePartner(
  write: RegistryWrite,
  partnerId: string,
  correlationId: string,
): Promise<void> {
  const state = await lock(write, partnerId);
  await write.manager.getRepository(PartnerEntity).update({ id: partnerId }, { suspended: false });
  if (state?.status !== 'REGISTERED') return;
  await announceParties(write.client, await resumeParties(write.client, partnerId), correlationId);
}

/** The partner and its tokens are gone; its parties are released. */
export async function deletePartner(write: RegistryWrite, partnerId: string): Promise<void> {
  await lock(write, partnerId);
  const parties = await write.manager.getRepository(PartyEntity).findBy({ partner_id: partnerId });
  await releaseParties(
    write.client,
    parties.map((party) => party.number),
  );
  await write.manager.getRepository(PartnerEntity).delete({ id: partnerId });
}

/** The partner holds this party no longer. @throws AdminNotFound if it does not hold it now. */
export async function releaseParty(write: RegistryWrite, partnerId: string, number: number): Promise<void> {
  await lock(write, partnerId);
  const held = await write.manager.getRepository(PartyEntity).existsBy({ number, partner_id: partnerId });
  if (!held) throw new AdminFailure({ kind: 'AdminNotFound', what: 'party' });
  await releaseParties(write.client, [number]);
}
