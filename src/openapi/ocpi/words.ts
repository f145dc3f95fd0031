import { storedVersion } from '../../ocpi/versions';
import { classOf, type Shape } from './route-shape';

/* What OCPI operations are called and what they do, in words for a partner's engineer. */

/** Name, title and description of an operation. */
export interface Words {
  id: string;
  summary: string;
  description: string;
}

const RELAYED = 'TO names a party: the message goes to that party, and its own answer comes back.';
const FOUND = 'Without TO the hub finds the receiver by the content of the message.';
const NEWEST = 'An older last_updated than the stored one is answered 1000 and changes nothing.';
const RESULT = 'The result comes later, by a POST to response_url.';
const COMMAND = `The CPO of the location or session answers. ${RESULT} ${RELAYED} ${FOUND}`;

/** By method, interface and what follows the interface in the path. */
const SPECIAL: Record<string, Words> = {
  'POST receiver/commands/START_SESSION': {
    id: 'startSession',
    summary: 'Start a session',
    description: COMMAND,
  },
  'POST receiver/commands/STOP_SESSION': {
    id: 'stopSession',
    summary: 'Stop a session',
    description: COMMAND,
  },
  'POST receiver/commands/RESERVE_NOW': {
    id: 'reserveNow',
    summary: 'Reserve an EVSE',
    description: COMMAND,
  },
  'POST receiver/commands/CANCEL_RESERVATION': {
    id: 'cancelReservation',
    summary: 'Cancel a reservation',
    description: COMMAND,
  },
  'POST receiver/commands/UNLOCK_CONNECTOR': {
    id: 'unlockConnector',
    summary: 'Unlock a connector',
    description: COMMAND,
  },
  'POST sender/commands/:response_url_id': {
    id: 'postCommandResult',
    summary: 'The result of a command',
    description:
      'The CPO posts it to the response_url that the command held. The hub passes it on to the sender.',
  },
  'POST sender/tokens/:token_uid/authorize': {
    id: 'authorizeToken',
    summary: 'May this token charge?',
    description: `Real-time authorization. The eMSP of the token answers, never the hub. ${RELAYED} ${FOUND}`,
  },
  'PUT sender/sessions/:session_id/charging_preferences': {
    id: 'setChargingPreferences',
    summary: 'Charging preferences of a driver',
    description: `The CPO of the session answers. ${RELAYED} ${FOUND}`,
  },
  'GET receiver/chargingprofiles/:session_id': {
    id: 'getActiveChargingProfile',
    summary: 'Ask for the active charging profile',
    description: COMMAND,
  },
  'PUT receiver/chargingprofiles/:session_id': {
    id: 'setChargingProfile',
    summary: 'Set a charging profile',
    description: COMMAND,
  },
  'DELETE receiver/chargingprofiles/:session_id': {
    id: 'clearChargingProfile',
    summary: 'Clear a charging profile',
    description: COMMAND,
  },
  'PUT sender/chargingprofiles/:session_id': {
    id: 'putActiveChargingProfile',
    summary: 'Tell of a changed charging profile',
    description: `It goes to the party that last set a profile of this session. ${RELAYED}`,
  },
  'POST sender/chargingprofiles/:response_url_id': {
    id: 'postChargingProfileResult',
    summary: 'The result of a charging profile request',
    description: 'The CPO posts it to the response_url of the request. The hub passes it on to the sender.',
  },
  'GET receiver/cdrs/:location_url_id': {
    id: 'getRelayedCdr',
    summary: 'A CDR at the Location that its POST was answered with',
    description: 'Of a CDR that was relayed: the receiver answers. Only the sender of the CDR may read it.',
  },
};

const CONFIGURATION: Record<string, Words> = {
  'GET versions': {
    id: 'listVersions',
    summary: 'The versions of OCPI that the hub speaks',
    description: 'Open to token A and to the token that the hub issued at registration.',
  },
  'GET details': {
    id: 'getVersionDetails',
    summary: 'The endpoints of this version',
    description:
      'Every module has two lines, since a hub is Sender and Receiver. Use these URLs, do not build your own.',
  },
  'GET credentials': {
    id: 'getCredentials',
    summary: "The hub's credentials",
    description: 'The token in the answer is the one that the request came with.',
  },
  'POST credentials': {
    id: 'register',
    summary: 'Register with token A',
    description:
      'Before it answers, the hub reads your versions and details with the token in the body (TOKEN_B). The answer holds the token for all that follows (TOKEN_C).',
  },
  'PUT credentials': {
    id: 'updateCredentials',
    summary: 'Change credentials, parties, endpoints or token',
    description:
      'The hub reads your endpoints again. The answer holds a new token; the old one ends when it is first used.',
  },
  'DELETE credentials': {
    id: 'unregister',
    summary: 'End the connection',
    description: 'The token ends. Other partners see your parties as SUSPENDED and your objects no longer.',
  },
  'GET hubclientinfo': {
    id: 'listClientInfo',
    summary: 'The parties at this hub and their state',
    description: 'One entry per party and role, without your own. The hub pushes each change, too.',
  },
};

const words = (id: string, summary: string, description: string): Words => ({ id, summary, description });
const one = (name: string): string => (name === 'EVSE' ? 'an EVSE' : `a ${name}`);
const plural = (name: string): string => (name === 'EVSE' ? 'EVSEs' : `${name}s`);

function pushWords({ route, owned }: Shape, name: string): Words {
  const broadcast = owned?.sharing.concernsOne
    ? 'TO = hub: the hub keeps it and pushes it to the party that its cdr_token names.'
    : 'TO = hub or no TO: the hub keeps it and pushes it to every partner that may see it.';
  const ways = `${broadcast} ${RELAYED}`;
  switch (route.method) {
    case 'POST':
      return words(
        `post${name}`,
        `Push ${one(name)}`,
        `Once: the same again is answered alike. The Location of the answer leads to it. ${ways}`,
      );
    case 'PATCH':
      return words(
        `patch${name}`,
        `Push a part of ${one(name)}`,
        `Needs last_updated. Fields that are given replace the stored ones. ${NEWEST} ${ways}`,
      );
    case 'DELETE':
      return words(`delete${name}`, `Delete ${one(name)}`, ways);
    default:
      return words(
        `put${name}`,
        `Push ${one(name)}`,
        `Creates it or replaces it as a whole. ${NEWEST} ${ways}`,
      );
  }
}

function objectWords(shape: Shape): Words | undefined {
  const name = classOf(shape)?.name;
  if (name === undefined) return undefined;
  if (shape.isList)
    return words(
      `list${plural(name)}`,
      `List ${plural(name)}`,
      `What your parties may see, oldest-created first, from the hub's own store. Follow Link until it is absent. TO names a party: that party's own list, relayed.`,
    );
  if (shape.route.method !== 'GET') return pushWords(shape, name);
  if (shape.side === 'sender')
    return words(`get${name}`, `One ${name} of somebody else`, `From the hub's store. ${RELAYED}`);
  return words(
    `getOwn${name}`,
    `Read ${one(name)} back that you pushed`,
    `The hub's copy, for its owner. ${RELAYED}`,
  );
}

/** What a module without words of its own gets. */
function plainWords({ route, name }: Shape): Words {
  const id = `${route.method.toLowerCase()}_${route.pattern.replace(/\W+/g, '_')}`;
  const summary = `${route.method} of ${name}`;
  return words(id, summary, `${summary}.`);
}

function find(shape: Shape): Words {
  const { route, version, side, name, module } = shape;
  if (!module) {
    const what = !version ? 'versions' : name === version.number ? 'details' : name;
    return CONFIGURATION[`${route.method} ${what}`] ?? plainWords(shape);
  }
  const below = side && route.pattern.slice(route.pattern.indexOf(side));
  const special = SPECIAL[`${route.method} ${below}`];
  return special ?? (shape.request ? undefined : objectWords(shape)) ?? plainWords(shape);
}

/** The words of a route. Names of another version than the stored one end in its number. */
export function wordsOf(shape: Shape): Words {
  const found = find(shape);
  const { version } = shape;
  const other = version !== undefined && version.number !== storedVersion.number;
  return other ? { ...found, id: `${found.id}_${version.number.replace(/\W/g, '_')}` } : found;
}
