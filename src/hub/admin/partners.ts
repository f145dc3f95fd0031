import * as store from '../../store/registry/partners';
import { AdminFailure } from '../../errors';
import { endpointOf, partnerInLog, type Partner, type Policies } from '../../domain/partner';
import { partyKey, sameParty, type PartyId } from '../../domain/party';
import { versionOf } from '../../ocpi/versions';
import { describeAnswer, targetOf } from '../../partners/partner-client';
import { PartyTaken, type RoleEntry } from '../../store/registry/parties';
import { versionsUrl } from '../credentials/credentials';
import type { HubContext } from '../context';
import type { Contacts } from '../../store/alive/contacts';
import type { Database } from '../../store/database';
import { reportContacts, type ContactReport } from '../../store/alive/sql';

/*
 * What the people who run the hub may do and see. These files speak for the stories: partners and their policies
 * here, the feed and its failed deliveries, pulls, and one answer to "is this partner in sync?".
 */

/* What admins do to partners. Each throws AdminNotFound for an unknown id. */

/** What a partner needs to begin; `token_a` is shown here alone. */
export interface Welcome {
  id: string;
  name: string;
  token_a: string;
  versions_url: string;
}

/** Makes a partner. @throws AdminInvalid for a party of the hub's own, AdminConflict for another platform's. */
export async function createPartner(
  context: HubContext,
  partner: { name: string; parties: readonly RoleEntry[]; policies: Partial<Policies> },
): Promise<Welcome> {
  refuseOwnParty(context, partner.parties);
  const token_a = context.vault.newToken();
  const tokenHash = context.vault.hash(token_a);
  try {
    const id = await context.registry.write((write) => store.createPartner(write, { ...partner, tokenHash }));
    return { id, name: partner.name, token_a, versions_url: versionsUrl(context.config) };
  } catch (error) {
    if (error instanceof PartyTaken) throw new AdminFailure({ kind: 'AdminConflict', detail: error.message });
    throw error;
  }
}

function refuseOwnParty({ registry }: HubContext, parties: readonly PartyId[]): void {
  const index = parties.findIndex((party) => registry.isHub(party));
  if (index < 0) return;
  const errors = [{ field: `parties[${index}].party_id`, rule: "must not be the hub's own party" }];
  throw new AdminFailure({ kind: 'AdminInvalid', errors });
}

/** The partner as it is committed now. */
export async function findPartner({ registry }: Pick<HubContext, 'registry'>, id: string): Promise<Partner> {
  return (await registry.findPartner(id)) ?? store.partnerNotFound();
}

/** All partners as they are committed now, in the order in which they were made. */
export async function listPartners({ registry }: Pick<HubContext, 'registry'>): Promise<readonly Partner[]> {
  await registry.confirm();
  return registry.partners();
}

/** A fresh token A for a partner that is not registered (any more): the last one dies. */
export async function renewTokenA(context: HubContext, id: string): Promise<Welcome> {
  const { name } = await findPartner(context, id);
  const token_a = context.vault.newToken();
  await context.registry.write((write) => store.renewTokenA(write, id, context.vault.hash(token_a)));
  return { id, name, token_a, versions_url: versionsUrl(context.config) };
}

/** Sets those policies that are given. */
export async function changePolicies(
  context: HubContext,
  id: string,
  change: { policies: Partial<Policies>; correlationId: string },
): Promise<Partner> {
  await findPartner(context, id);
  await context.registry.write((write) => store.changePolicies(write, id, change));
  return findPartner(context, id);
}

export async function suspendPartner(context: HubContext, id: string): Promise<Partner> {
  await findPartner(context, id);
  await context.registry.write((write) => store.suspendPartner(write, id));
  return findPartner(context, id);
}

export async function resumePartner(
  context: HubContext,
  id: string,
  correlationId: string,
): Promise<Partner> {
  await findPartner(context, id);
  await context.registry.write((write) => store.resumePartner(write, id, correlationId));
  return findPartner(context, id);
}

/** Unregisters and removes a partner; then tells it by DELETE credentials, if it can be told. */
export async function deletePartner(context: HubContext, id: string, correlationId: string): Promise<void> {
  const partner = await findPartner(context, id);
  await context.registry.write((write) => store.deletePartner(write, id));
  await tell(context, partner, correlationId);
}

async function tell(context: HubContext, partner: Partner, correlationId: string): Promise<void> {
  const url = endpointOf(partner, versionOf(partner).credentials.identifier, 'SENDER');
  if (url === undefined || partner.their_token === null) return;
  const target = targetOf(partner, partner.their_token);
  const answer = await context.partnerClient.ask(target, { method: 'DELETE', url, correlationId });
  const fields = { ...partnerInLog(partner), answer: describeAnswer(answer), correlation_id: correlationId };
  if (answer.kind === 'ocpi' && answer.success) context.log.info(fields, 'removed partner was told');
  else context.log.warn(fields, 'removed partner could not be told');
}

/** Releases one party; its objects stay hidden until a platform registers it again. */
export async function releaseParty(context: HubContext, id: string, party: PartyId): Promise<void> {
  const partner = await findPartner(context, id);
  const held = partner.parties.find((own) => sameParty(own, party));
  if (!held)
    throw new AdminFailure({ kind: 'AdminNotFound', what: `party ${partyKey(party)} of this partner` });
  await context.registry.write((write) => store.releaseParty(write, id, held.number));
}

export type { ContactReport } from '../../store/alive/sql';

/** When these partners last called and were last reached, as all processes saw it; of this one everything is in it. */
export async function contactsOf(
  context: { contacts: Contacts; database: Database },
  partners: readonly string[],
): Promise<Map<string, ContactReport>> {
  await context.contacts.save(true);
  return reportContacts(context.database.pool, partners);
}
