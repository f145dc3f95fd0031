import { fail } from '../../errors';
import { isFields } from '../../domain/json/fields';
import { partyWords, type Party, type PartyId } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import { mayReceive } from '../../domain/visibility';
import { concernedIn, keyOf, type OwnedModuleDescriptor } from '../../ocpi/module';
import { ownParty } from '../sender';
import type { HubContext } from '../context';

/*
 * An eMSP passes its sessions on to an SCSP: the one case in which the owner in a URL is not of the sender's platform
 * (mod_charging_profiles, "via the eMSP"; semantics 37).
 */

/** May this be a session that its eMSP passes on? */
export function isPassedOn(
  module: OwnedModuleDescriptor,
  sides: { sender: Party; receiver: Party | undefined },
): boolean {
  const { passedOnTo } = module;
  if (passedOnTo === undefined || !mayReceive(sides.sender, module)) return false;
  return sides.receiver !== undefined && sides.receiver.roles.includes(passedOnTo);
}

/** A session, named by its URL. */
interface PassedOn {
  module: OwnedModuleDescriptor;
  owner: PartyId;
  id: string;
}

function namesOwnToken(platform: Partner, { module, body }: PassedOn & { body: unknown }): boolean {
  const named = isFields(body) ? concernedIn(module, body) : undefined;
  return named !== undefined && ownParty(platform, named) !== undefined;
}

async function concernsPlatform(
  context: HubContext,
  platform: Partner,
  { module, owner: named, id }: PassedOn,
): Promise<boolean> {
  const owner = context.registry.party(named);
  if (!owner) return false;
  const object = { module, owner: owner.number, key: keyOf(module, id, undefined) };
  const stored = await context.objects.read(object);
  return platform.parties.some((party) => party.number === stored?.counterpart);
}

/** @throws ForeignParty unless it is a session of this platform's tokens */
export async function checkPassedOn(
  context: HubContext,
  platform: Partner,
  session: PassedOn & { body: unknown },
): Promise<void> {
  if (namesOwnToken(platform, session)) return;
  if (await concernsPlatform(context, platform, session)) return;
  fail({ kind: 'ForeignParty', party: partyWords(session.owner) });
}
