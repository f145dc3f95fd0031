/* Names and words of the admin API's operations, by method and path. */

interface Words {
  id: string;
  description?: string;
}

const words = (id: string, description?: string): Words => ({ id, description });

const WORDS: Record<string, Words> = {
  'get /partners': words('listPartners', 'In the order in which they were made. Never a token.'),
  'post /partners': words(
    'createPartner',
    'Give token_a and versions_url to the partner. Parties that are named show as PLANNED until they register.',
  ),
  'get /partners/{id}': words('getPartner', 'State, policies, parties and the last contact. Never a token.'),
  'patch /partners/{id}': words('changePolicies', 'Only the policies that are given change.'),
  'delete /partners/{id}': words(
    'deletePartner',
    'Its token ends, its objects are removed, its parties are free again.',
  ),
  'post /partners/{id}/register': words(
    'registerAtPartner',
    'For a partner that gave you a token A. The answer comes when the handshake has ended; 502 says why it failed.',
  ),
  'post /partners/{id}/token_a': words('renewTokenA', 'The last token A ends.'),
  'post /partners/{id}/suspend': words('suspendPartner', 'Other partners see its parties as SUSPENDED.'),
  'post /partners/{id}/resume': words('resumePartner', 'It is brought up to date from where it was.'),
  'delete /partners/{id}/parties/{country_code}/{party_id}': words(
    'releaseParty',
    'Of a party that its platform left out when it changed its credentials.',
  ),
  'get /partners/{id}/findings': words(
    'listFindings',
    'Of a lenient partner; a strict one is refused instead.',
  ),
  'get /partners/{id}/pull': words('getPulls', 'One line per party and module.'),
  'post /partners/{id}/pull': words(
    'startPull',
    'A delta unless kind says full. The answer shows where the pulls stand.',
  ),
  'get /partners/{id}/sync': words('getSync', 'One answer to: is this partner in sync?'),
  'post /partners/{id}/push': words(
    'pushAgain',
    'Without a body all of it, from scratch. The answer comes at once; sync and deliveries show the progress.',
  ),
  'get /partners/{id}/check': words('getCheck', 'null where none ran.'),
  'post /partners/{id}/check': words(
    'startCheck',
    'Answered with the report where it ends within 5 seconds, else with 202.',
  ),
  'get /gaps': words('getGaps', 'Counts and examples for each pair of parties.'),
  'get /feed': words('getFeed', 'State, what is behind, the last success and the last error.'),
  'get /deliveries': words('listDeliveries', 'CDRs, and objects that a receiver refused, with what it said.'),
  'get /not-kept': words(
    'listNotKept',
    'With the members in which the copy of the hub and the accepted text differ.',
  ),
  'post /not-kept/{id}/settle': words(
    'settleNotKept',
    'stored: the copy of the hub stays. offered: it takes the text that the receiver accepted.',
  ),
  'post /deliveries/retry': words(
    'retryDeliveries',
    'All that match, not only a page. The worker sends them at once.',
  ),
  'post /deliveries/{id}/retry': words('retryDelivery', 'The worker sends it at once.'),
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Method and path as one name: what an operation without words is called. */
function plainId(method: string, path: string): string {
  const parts = path.match(/[a-zA-Z]+/g) ?? [];
  return [method, ...parts.map(capital)].join('');
}

/** The name of an operation, and its summary with what there is to say besides. */
export function adminWords(
  method: string,
  path: string,
  summary: string,
): { operationId: string; description: string } {
  const { id, description } = WORDS[`${method} ${path}`] ?? words(plainId(method, path));
  return { operationId: id, description: description ? `${summary}. ${description}` : `${summary}.` };
}
