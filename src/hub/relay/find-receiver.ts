import { fail } from '../../errors';
import { partyWords, type Party } from '../../domain/party';
import { keyOf, type NamedBy, type OwnedModuleDescriptor } from '../../ocpi/module';
import { ownedModules } from '../../ocpi/versions';
import type { RouteKind } from '../../store/relay/known-routes';
import { fold } from '../../domain/ci-string';
import { onlyOne, unknownObject, visibleOwners } from '../objects/read';
import type { HubContext } from '../context';

/*
 * Open routing: the content names the one that a request is for, among what its sender may see (semantics 29).
 * What matches several is refused, never guessed.
 */

export interface Question {
  sender: Party;
  /** From the URL or the body: a token uid, a location, session or reservation id. */
  id: string;
  /** Of a module that has it: `?type=`. */
  type: string | undefined;
}

type Find = (context: HubContext, question: Question) => Promise<Party | undefined>;

/** The module of whose objects a request names one. */
export function moduleNaming(namedBy: NamedBy): OwnedModuleDescriptor {
  return ownedModules.find(({ names }) => names === namedBy) ?? fail({ kind: 'HubFault' });
}

/** The owner of the object of this module that a request names, among those that its sender may see. */
export async function ownerNamed(
  context: HubContext,
  module: OwnedModuleDescriptor,
  { sender, id, type }: Question,
): Promise<Party | undefined> {
  const object = { module, id, key: keyOf(module, id, type), viewer: sender };
  return onlyOne(await visibleOwners(context, object), object);
}

const byObject: (namedBy: NamedBy) => Find = (namedBy) => (context, question) =>
  ownerNamed(context, moduleNaming(namedBy), question);

const byRoute =
  (kind: RouteKind): Find =>
  async (context, { sender, id }) => {
    const numbers = await context.knownRoutes.find({ kind, party: sender.number, subject: fold(id) });
    const parties = numbers.flatMap((number) => context.registry.partyByNumber(number) ?? []);
    if (parties.length < 2) return parties[0];
    return fail({ kind: 'SeveralReceivers', subject: `${kind} ${id}`, candidates: parties.map(partyWords) });
  };

const FIND: Record<NamedBy, Find> = {
  token: byObject('token'),
  location: byObject('location'),
  session: byObject('session'),
  reservation: byRoute('reservation'),
  'profile setter': byRoute('profile setter'),
};

/** The party that a request is for; undefined where nothing matches. @throws SeveralReceivers */
export function findReceiver(
  context: HubContext,
  namedBy: NamedBy,
  question: Question,
): Promise<Party | undefined> {
  return FIND[namedBy](context, question);
}

/** What a request that matches nothing is answered. */
export function nothingMatches(namedBy: NamedBy, id: string): never {
  switch (namedBy) {
    case 'location':
      return fail({ kind: 'UnknownObject', ...moduleNaming(namedBy).unknown, id, named: true });
    case 'token':
      return unknownObject(moduleNaming(namedBy), [id]);
    case 'session':
    case 'reservation':
    case 'profile setter':
      return fail({ kind: 'UnknownReceiver', party: `of ${namedBy} ${id}` });
  }
}
