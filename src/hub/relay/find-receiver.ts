import { fail } from '../../errors';
import { partyWords, type Party } from '../../domain/party';
import type { NamedBy } from '../../ocpi/module';
import type { RouteKind } from '../../store/relay/known-routes';
import { fold } from '../objects/decide';
import { tokenKey } from '../objects/receive-flat';
import { onlyOne, visibleOwners } from '../objects/read';
import type { HubContext } from '../context';

/*
 * Open routing: the content names the one that a request is for, among what its sender may see (HUB-SEMANTICS 29).
 * What matches several is refused, never guessed.
 */

export interface Question {
  sender: Party;
  /** From the URL or the body: a token uid, a location, session or reservation id. */
  id: string;
  /** Of a token. */
  type: string | undefined;
}

type Find = (context: HubContext, question: Question) => Promise<Party | undefined>;

async function byToken(context: HubContext, { sender, id, type }: Question): Promise<Party | undefined> {
  const object = { module: 'tokens', id } as const;
  const owners = await visibleOwners(context, { ...object, key: tokenKey(id, type), viewer: sender });
  return onlyOne(owners, object);
}

const byObject =
  (module: 'locations' | 'sessions'): Find =>
  async (context, { sender, id }) =>
    onlyOne(await visibleOwners(context, { module, id, viewer: sender }), { module, id });

const byRoute =
  (kind: RouteKind): Find =>
  async (context, { sender, id }) => {
    const numbers = await context.knownRoutes.find({ kind, party: sender.number, subject: fold(id) });
    const parties = numbers.flatMap((number) => context.registry.partyByNumber(number) ?? []);
    if (parties.length < 2) return parties[0];
    return fail({ kind: 'SeveralReceivers', subject: `${kind} ${id}`, candidates: parties.map(partyWords) });
  };

const FIND: Record<NamedBy, Find> = {
  token: byToken,
  location: byObject('locations'),
  session: byObject('sessions'),
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
      return fail({ kind: 'UnknownLocation', id, named: true });
    case 'token':
      return fail({ kind: 'UnknownToken', id });
    case 'session':
    case 'reservation':
    case 'profile setter':
      return fail({ kind: 'UnknownReceiver', party: `of ${namedBy} ${id}` });
  }
}
