import { fail } from '../../errors';
import { isFields } from '../../domain/json/fields';
import { partyNamed, partyWords, type Party, type PartyId } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import { mayReceive } from '../../domain/visibility';
import { fold } from '../objects/decide';
import { ownParty } from '../sender';
import type { HubContext } from '../context';

/*
 * An eMSP passes its sessions on to an SCSP: the one case in which the owner in a URL is not of the sender's platform
 * (mod_charging_profiles, "via the eMSP"; HUB-SEMANTICS 37).
 */

/** May this be a session that its eMSP passes on? */
export function isPassedOn(sender: Party, receiver: Party | undefined): boolean {
  return mayReceive(sender, 'sessions') && receiver !== undefined && receiver.roles.includes('SCSP');
}

function namesOwnToken(platform: Partner, body: unknown): boolean {
  const named = isFields(body) ? partyNamed(body.cdr_token) : undefined;
  return named !== undefined && ownParty(platform, named) !== undefined;
}

async function concernsPlatform(
  context: HubContext,
  platform: Partner,
  session: { owner: PartyId; id: string },
): Promise<boolean> {
  const owner = context.registry.party(session.owner);
  if (!owner) return false;
  const object = { module: 'sessions', owner: owner.number, key: fold(session.id) } as const;
  const stored = await context.objects.read(object);
  return platform.parties.some((party) => party.number === stored?.counterpart);
}

/** @throws ForeignParty unless it is a session of this platform's tokens */
export async function checkPassedOn(
  context: HubContext,
  platform: Partner,
  session: { owner: PartyId; id: string; body: unknown },
): Promise<void> {
  if (namesOwnToken(platform, session.body)) return;
  if (await concernsPlatform(context, platform, session)) return;
  fail({ kind: 'ForeignParty', party: partyWords(session.owner) });
}
