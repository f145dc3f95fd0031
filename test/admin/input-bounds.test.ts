import { readInvitation, readNewPartner, readPolicies } from '../../src/admin/partner-input';
import { AdminFailure } from '../../src/errors';
import { openapiDocument } from '../../src/openapi';
import { startHub, type TestHub } from '../support/hub';
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

describe('over HTTP', () => {
  let hub: TestHub;
  let id: string;

  beforeAll(async () => {
    hub = await startHub();
    ({ id } = await hub.partner('probe'));
  });
  afterAll(() => hub.stop());

  const isRefused = async (method: string, at: string, body?: unknown): Promise<boolean> =>
    (await hub.admin(method, at, body)).http === 400;

  test.each([
    ['CheckRequest', 'check', [0, 1, 1.5, 10_000, 10_001, 'all', 'some'].map((sample) => ({ sample }))],
    ['CheckRequest', 'check', [{ module: 'tokens' }, { module: 'commands' }, { more: 1 }, {}]],
    ['PullWish', 'pull', [{ kind: 'full' }, { kind: 'all' }, { confirm_removals: 1 }, { more: 1 }, {}]],
    ['PullWish', 'pull', [{ module: 'tokens' }, { module: 'commands' }]],
  ])('%s: the document refuses what is answered 400', async (schema, action, bodies) => {
    for (const body of bodies) {
      const refused = await isRefused('POST', `/partners/${id}/${action}`, body);
      expect([body, refused]).toEqual([body, !schemaAt(`/components/schemas/${schema}`)(body)]);
    }
  });

  interface Query {
    in: string;
    name: string;
    schema: { type: string };
  }
  const { paths } = openapiDocument() as { paths: Record<string, { get?: { parameters: Query[] } }> };

  test.each([
    ['/gaps', 'older_than_s', [-1, 0, 1, 316_224_000, 316_224_001, 1.5, 'x', '']],
    ['/deliveries', 'state', ['failed', 'delivered', 'lost', '']],
  ])('%s?%s=: the document refuses what is answered 400', async (at, name, values) => {
    const parameters = paths[`/admin/api${at}`]?.get?.parameters ?? [];
    const place = parameters.findIndex((parameter) => parameter.name === name);
    const fits = schemaAt(
      `/paths/${encodeURIComponent(`~1admin~1api${at.replace('/', '~1')}`)}/get/parameters/${place}/schema`,
    );
    const isNumber = parameters[place]?.schema.type === 'integer';
    for (const value of values) {
      const read = isNumber && value !== '' ? Number(value) : value;
      const refused = await isRefused('GET', `${at}?${name}=${value}`);
      expect([value, refused]).toEqual([value, !fits(Number.isNaN(read) ? value : read)]);
    }
  });
});
