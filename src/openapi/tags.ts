/* The parts of the API: tags of partners' modules, of the admin API, of health; nothing is in two parts. */

const PARTNER: Record<string, string> = {
  versions: 'Where the handshake begins: versions and their endpoints',
  credentials: 'Registration, rotation and removal (docs/partners.md shows each step)',
  hubclientinfo: 'Who is at this hub, and connected',
  locations: 'Locations, EVSEs and connectors: pushed by CPOs, read by eMSPs',
  sessions: 'Sessions under way: from the CPO to the eMSP of the token',
  cdrs: 'Charge detail records: from the CPO to the eMSP of the token, once each',
  tariffs: 'Tariffs: pushed by CPOs, read by eMSPs',
  tokens: 'Tokens: pushed by eMSPs, read by CPOs; real-time authorization',
  commands: 'Commands of eMSPs to CPOs, with results that come later',
  chargingprofiles: 'Charging profiles of a session',
};

const ADMIN: Record<string, string> = {
  partners: 'Partners: made, invited, changed, suspended, removed, pulled, compared',
  feed: 'How far behind each partner is',
  deliveries: 'What could not be delivered, and another try',
  'not-kept': 'Relayed objects that their receiver accepted and the hub could not keep',
  gaps: 'Sessions without a CDR and CDRs without a session',
};

/** The tag of a path of the admin API: its first segment. */
export const adminTag = (path: string): string => `admin: ${path.split('/')[1] ?? ''}`;

const HEALTH = { health: 'For the machines that host the hub: alive, ready, metrics' };

type Operations = Record<string, { tags?: string[] }>;

/** The tags that the paths use, the partner part first, each with its words; and the parts that they form. */
export function tagsOf(paths: Record<string, object>): object {
  const used = new Set(
    Object.values(paths)
      .flatMap((path) => Object.values(path as Operations))
      .flatMap(({ tags = [] }) => tags),
  );
  const tags = [...used].map((name) => ({ name, description: wordsOf(name) }));
  const part = (name: string, has: (tag: string) => boolean): object => ({
    name,
    tags: [...used].filter(has),
  });
  const isAdmin = (tag: string): boolean => tag.startsWith('admin: ');
  return {
    tags,
    'x-tagGroups': [
      part('Partner API (OCPI)', (tag) => !isAdmin(tag) && !(tag in HEALTH)),
      part('Admin API', isAdmin),
      part('Health', (tag) => tag in HEALTH),
    ],
  };
}

function wordsOf(tag: string): string {
  const known = { ...PARTNER, ...HEALTH }[tag] ?? ADMIN[tag.replace('admin: ', '')];
  return known ?? tag;
}
