import { TRAILING_SLASHES, type Policies } from '../domain/partner';
import { partyKey, ROLES, type PartyId, type Role } from '../domain/party';
import { Input } from './input';

/** Body of POST /partners. */
export interface NewPartner {
  name: string;
  parties: (PartyId & { role: Role })[];
  /** Those that are given. */
  policies: Partial<Policies>;
}

/* The rules of texts; openapi.yaml has its bounds from here. */

export const NAME = { pattern: /^(?=.*\S)[^\p{Cc}]{1,100}$/u, words: 'must be 1 to 100 characters' };
export const COUNTRY_CODE = { pattern: /^[A-Za-z]{2}$/, words: 'must be two letters (ISO 3166-1 alpha-2)' };
export const PARTY_ID = { pattern: /^[\x21-\x7e]{1,3}$/, words: 'must be 1 to 3 printable ASCII characters' };
export const TOKEN = {
  pattern: /^[\x21-\x7e]{1,255}$/,
  words: 'must be 1 to 255 printable ASCII characters without spaces',
};

/** @throws AdminInvalid */
export function readNewPartner(body: unknown): NewPartner {
  const input = new Input(body).only('name', 'parties', ...POLICIES);
  const name = input.text('name', NAME);
  const parties = input.list('parties').flatMap(readParty);
  refuseDoubles(input, parties);
  const policies = policiesIn(input);
  input.done();
  return { name, parties, policies };
}

function readParty(input: Input): NewPartner['parties'] {
  input.only('role', 'country_code', 'party_id');
  const role = input.oneOf('role', ROLES, 'required');
  const country_code = input.text('country_code', COUNTRY_CODE);
  const party_id = input.text('party_id', PARTY_ID);
  return role === undefined ? [] : [{ role, country_code, party_id }];
}

function refuseDoubles(input: Input, parties: NewPartner['parties']): void {
  const keys = parties.map((party) => `${party.role} ${partyKey(party)}`);
  keys.forEach((key, index) => {
    if (keys.indexOf(key) < index)
      input.refuse(`parties[${index}]`, 'role, country_code and party_id must be unique');
  });
}

/** Body of PATCH /partners/:id: any of the policies. @throws AdminInvalid */
export function readPolicies(body: unknown): Partial<Policies> {
  const input = new Input(body).only(...POLICIES);
  const policies = policiesIn(input);
  input.done();
  return policies;
}

const POLICIES = [
  'validation',
  'token_encoding',
  'broadcast',
  'authorize_unknown_tokens',
  'trailing_slash',
] as const;

function policiesIn(input: Input): Partial<Policies> {
  const given: { [K in (typeof POLICIES)[number]]: Policies[K] | undefined } = {
    validation: input.oneOf('validation', ['strict', 'lenient'], 'optional'),
    token_encoding: input.oneOf('token_encoding', ['base64', 'plain'], 'optional'),
    broadcast: input.oneOf('broadcast', ['party', 'platform'], 'optional'),
    authorize_unknown_tokens: input.flag('authorize_unknown_tokens'),
    trailing_slash: input.oneOf('trailing_slash', TRAILING_SLASHES, 'optional'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Body of POST /partners/:id/register. `refusal`: why the hub would not send to a URL. @throws AdminInvalid */
export function readInvitation(
  body: unknown,
  refusal: (url: string) => string | undefined,
): { versionsUrl: string; tokenA: string } {
  const input = new Input(body).only('versions_url', 'token_a');
  const versionsUrl = input.checked('versions_url', refusal);
  const tokenA = input.text('token_a', TOKEN);
  input.done();
  return { versionsUrl, tokenA };
}
