import { checkOf, type DtoClass } from '../../../src/ocpi/check';
import { classesUnder, jsonSchemaOf } from '../../../src/ocpi/check/schema';
import { rootsOf } from '../../../src/openapi/objects';
import { versions } from '../../../src/ocpi/versions';
import { schemaAt } from '../../support/schemas';

/*
 * openapi.yaml says what the hub's check does: each field of each class gets values at its bounds and beyond, and both
 * judge them.
 */

type Json = Record<string, unknown>;

const classes = new Map(
  versions
    .flatMap(rootsOf)
    .flatMap((root) => [...classesUnder(root)])
    .map((cls) => [cls.name, cls] as const),
);

/** What JSON Schema cannot say, or says in words: only here may the hub refuse what the document lets through. */
const BEYOND_SCHEMAS = [
  /a DateTime in UTC/,
  /ISO 4217/,
  /tzdata/,
  /at most one decimal/,
  /must not be before start_date_time/,
  /must begin between/,
  /twice$/,
];

const TEXTS = [
  ...[
    'Europe/Oslo',
    'EUR',
    'NL',
    '#NA',
    '18:15',
    '2015-12-24',
    '50.770774',
    '-126.104965',
    '2026-02-01T00:00:00Z',
  ],
  ...[
    'https://a.example/x',
    'HTTP://A.EXAMPLE',
    'https://',
    'https:///x',
    'https:// x',
    'ftp://a',
    '50.7707',
    '91',
    '24:00',
  ],
  ...[
    '2026-02-01T00:00:00.123456789Z',
    '2026-02-31T00:00:00Z',
    '',
    ' ',
    'a b',
    'é',
    '\u{1f600}',
    'a\u0007',
    'a\u0085',
    'a\nb',
  ],
];
const OTHERS = [null, [], {}, [null], [[]], 7, 7.5, -1, 0, 1, 1e300, true, false, 'x'];

/** A field's schema without its `or null`. */
function bare(schema: Json): Json {
  const [first] = Array.isArray(schema.anyOf) ? (schema.anyOf as Json[]) : [];
  return first ?? schema;
}

const classOf = ({ $ref }: Json): DtoClass | undefined =>
  typeof $ref === 'string' ? classes.get($ref.slice($ref.lastIndexOf('/') + 1)) : undefined;

const propertiesOf = (cls: DtoClass): [string, Json][] =>
  Object.entries(jsonSchemaOf(cls).properties as Record<string, Json>);

/** Texts of just the length, made of a character that the pattern takes. */
function longTexts({ maxLength, minLength = 0 }: Json): string[] {
  if (typeof maxLength !== 'number') return [];
  const lengths = [maxLength - 1, maxLength, maxLength + 1, Number(minLength)];
  const start = ['', 'https://'];
  return lengths.flatMap((length) =>
    start.flatMap((text) =>
      ['x', '\u{1f600}'].map((one) => text + one.repeat(Math.max(0, length - text.length))),
    ),
  );
}

/** Repetitions of patterns are bounds too: texts that grow by one. */
const growing = [1, 2, 3, 4, 63, 64, 65].flatMap((n) => [
  'A'.repeat(n),
  `5.${'7'.repeat(n)}`,
  `555.${'7'.repeat(n)}`,
]);

const around = (bound: unknown): number[] => (typeof bound === 'number' ? [bound - 1, bound, bound + 1] : []);

function scalarValues(schema: Json): unknown[] {
  const numbers = [...around(schema.minimum), ...around(schema.maximum), 0.5, 99.5];
  const words = Array.isArray(schema.enum) ? [...(schema.enum as unknown[]), 'NO_SUCH_WORD'] : [];
  return [...TEXTS, ...OTHERS, ...numbers, ...words, ...longTexts(schema), ...growing];
}

function valuesOf(schema: Json): unknown[] {
  const plain = bare(schema);
  const items = plain.items as Json | undefined;
  if (items) return [...OTHERS, ...valuesOf(items).map((value) => [value])];
  const cls = classOf(plain);
  return cls ? [...OTHERS, sampleOf(cls)] : scalarValues(plain);
}

/** A value that fits, the first one that the schema takes. */
function fitting(schema: Json): unknown {
  const plain = bare(schema);
  if (plain.items) return [fitting(plain.items as Json)];
  const cls = classOf(plain);
  if (cls) return sampleOf(cls);
  if (Array.isArray(plain.enum)) return plain.enum[0];
  if (plain.type === 'boolean') return false;
  if (plain.type === 'number' || plain.type === 'integer') return Math.max(0, Number(plain.minimum ?? 0));
  const { pattern = '', maxLength = Infinity } = plain as { pattern?: string; maxLength?: number };
  return TEXTS.find((text) => text.length <= maxLength && new RegExp(pattern, 'u').test(text));
}

const samples = new Map<DtoClass, Json>();

/** An object with what is required, and all lists empty that may be. */
function sampleOf(cls: DtoClass): Json {
  const known = samples.get(cls);
  if (known) return known;
  const { required = [] } = jsonSchemaOf(cls) as { required?: string[] };
  const fields = propertiesOf(cls).filter(([name]) => required.includes(name));
  const sample = Object.fromEntries(fields.map(([name, schema]) => [name, fitting(schema)]));
  const special = { Hours: { twentyfourseven: true }, PublishTokenType: { visual_number: 'x', issuer: 'y' } };
  Object.assign(sample, Object.entries(special).find(([name]) => name === cls.name)?.[1]);
  samples.set(cls, sample);
  return sample;
}

/** Are the two of one mind? What only the hub refuses must be beyond JSON Schema. */
function disagreement(cls: DtoClass, value: unknown): string | undefined {
  const byDocument = schemaAt(`/components/schemas/${cls.name}`)(value);
  const findings = checkOf(cls)(value);
  if (byDocument === (findings.length === 0)) return undefined;
  const excused =
    byDocument && findings.every(({ rule }) => BEYOND_SCHEMAS.some((words) => words.test(rule)));
  return excused
    ? undefined
    : `${JSON.stringify(value)}: document ${byDocument}, hub ${JSON.stringify(findings)}`;
}

const named = [...classes];

test.each(named)('%s: a value with what is required fits by both', (_name, cls) => {
  expect(disagreement(cls, sampleOf(cls))).toBeUndefined();
  expect(checkOf(cls)(sampleOf(cls))).toEqual([]);
});

test.each(named)('%s: at each bound and beyond, the document and the hub are of one mind', (_name, cls) => {
  const verdicts = propertiesOf(cls).flatMap(([field, schema]) => [
    ...valuesOf(schema).map((value) => disagreement(cls, { ...sampleOf(cls), [field]: value })),
    disagreement(cls, Object.fromEntries(Object.entries(sampleOf(cls)).filter(([name]) => name !== field))),
  ]);
  expect(verdicts.length).toBeGreaterThan(10);
  expect(verdicts.filter((verdict) => verdict !== undefined)).toEqual([]);
});

/** Pairs of fields that a rule is about, with values that break it and that fit. */
const TOGETHER: [string, Json[]][] = [
  ['CDR', [{ credit: true }, { credit: true, credit_reference_id: 'C1' }, { id: 'x'.repeat(37) }]],
  ['CDR', [{ credit: true, credit_reference_id: 'C1', id: 'x'.repeat(39), total_cost: { excl_vat: -1 } }]],
  [
    'CDR',
    [{ total_cost: { excl_vat: -1 } }, { total_cost: { excl_vat: 1, incl_vat: -1 } }, { total_energy: -1 }],
  ],
  ['Hours', [{ twentyfourseven: false }, { twentyfourseven: false, regular_hours: [] }]],
  ['Hours', [{ regular_hours: [{ weekday: 1, period_begin: '08:00', period_end: '09:00' }] }]],
  [
    'StartSession',
    [{ connector_id: '1' }, { connector_id: '1', evse_uid: null }, { connector_id: '1', evse_uid: 'E' }],
  ],
  ['PublishTokenType', [{ uid: 'x' }, { uid: 'x', type: 'RFID' }, { visual_number: null }, { issuer: null }]],
  ['SessionDimension', [-1, 0, 100, 100.5].map((volume) => ({ type: 'STATE_OF_CHARGE', volume }))],
  [
    'Location',
    [true, false].map((publish) => ({ publish, publish_allowed_to: [{ visual_number: 'x', issuer: 'y' }] })),
  ],
  ['Session', [{ unknown_field: { of: 'a later version' } }]],
];

test.each(TOGETHER)('%s: rules over several fields are in the document', (name, changes) => {
  const cls = classes.get(name);
  if (!cls) throw new Error(`no class ${name}`);
  for (const change of changes) expect(disagreement(cls, { ...sampleOf(cls), ...change })).toBeUndefined();
});
