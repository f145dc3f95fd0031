import { readInvitation, readNewPartner, readPolicies } from '../../src/admin/partner-input';
import { AdminFailure } from '../../src/errors';
import { schemaAt } from '../support/schemas';

/* What the admin API refuses of a body is what openapi.yaml says of it. */

type Read = (body: unknown) => unknown;

function takes(read: Read, body: unknown): boolean {
  try {
    read(body);
    return true;
  } catch (error) {
    if (error instanceof AdminFailure) return false;
    throw error;
  }
}

const party = { role: 'CPO', country_code: 'NL', party_id: 'ABC' };
const url = 'https://partner.example/ocpi/versions';
const TEXTS = ['', ' ', 'a', 'NL', 'NLD', 'ABC', 'ABCD', 'a b', 'é', 'a\u0007', '\u{1f600}'];
const LENGTHS = [99, 100, 101, 255, 256].map((length) => 'x'.repeat(length));
const VALUES = [...TEXTS, ...LENGTHS, 7, true, [], {}];

const BODIES: [string, Read, object, (value: unknown) => object][] = [
  ['NewPartner', readNewPartner, { name: 'x' }, (name) => ({ name })],
  ['NewPartner', readNewPartner, { name: 'x', parties: [party] }, (parties) => ({ parties })],
  ['NewPartner', readNewPartner, { name: 'x' }, (role) => ({ parties: [{ ...party, role }] })],
  ['NewPartner', readNewPartner, { name: 'x' }, (code) => ({ parties: [{ ...party, country_code: code }] })],
  ['NewPartner', readNewPartner, { name: 'x' }, (id) => ({ parties: [{ ...party, party_id: id }] })],
  ['NewPartner', readNewPartner, { name: 'x' }, (more) => ({ parties: [{ ...party, more }] })],
  ['NewPartner', readNewPartner, { name: 'x' }, (more) => ({ more })],
  ['Policies', readPolicies, {}, (validation) => ({ validation })],
  ['Policies', readPolicies, {}, (flag) => ({ authorize_unknown_tokens: flag })],
  ['Policies', readPolicies, {}, (more) => ({ more })],
  [
    'Registration',
    (body) => readInvitation(body, () => undefined),
    { versions_url: url, token_a: 'a' },
    (token_a) => ({ token_a }),
  ],
  [
    'Registration',
    (body) => readInvitation(body, () => undefined),
    { versions_url: url, token_a: 'a' },
    (more) => ({ more }),
  ],
];

test.each(BODIES)(
  '%s: the document takes and refuses what the admin API does (%#)',
  (name, read, fitting, change) => {
    const byDocument = schemaAt(`/components/schemas/${name}`);
    expect([byDocument(fitting), takes(read, fitting)]).toEqual([true, true]);
    const bodies = VALUES.map((value) => ({ ...fitting, ...change(value) }));
    expect(bodies.map((body) => [body, byDocument(body)])).toEqual(
      bodies.map((body) => [body, takes(read, body)]),
    );
  },
);
