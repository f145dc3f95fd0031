import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { DtoClass } from '../../../src/ocpi/check';
import { compile } from '../../../src/ocpi/check/compile';
import { CDR } from '../../../src/ocpi/v2_2_1/cdrs/dto';
import { Location } from '../../../src/ocpi/v2_2_1/locations/dto';
import { Session } from '../../../src/ocpi/v2_2_1/sessions/dto';
import { Tariff } from '../../../src/ocpi/v2_2_1/tariffs/dto';
import { Token } from '../../../src/ocpi/v2_2_1/tokens/dto';
import { describeWithData, feedOf } from '../../support/data';
import { cdr, location, session, tariff, token } from '../../support/network';

const accepts = (cls: DtoClass, value: unknown): boolean =>
  validateSync(plainToInstance(cls, value as object)).length === 0;

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

const STRANGE: unknown[] = [
  null,
  undefined,
  [],
  {},
  [[]],
  '',
  'x'.repeat(600),
  7,
  7.5,
  -1,
  true,
  'AVAILABLE',
  '2026-02-31T00:00:00Z',
  'a\u0007b',
  NaN,
  [null],
  { a: 1 },
];

type Place = { holder: Record<string, unknown> | unknown[]; key: string };

function places(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    places(holder[key], found);
  }
  return found;
}

/** The object with one or two of its fields replaced by something strange. */
function mutate(object: object, random: () => number): object {
  const copy = structuredClone(object);
  for (let i = 0; i <= random() * 2; i++) {
    const all = places(copy);
    const place = all[Math.floor(random() * all.length)];
    if (place)
      Reflect.set(place.holder, place.key, structuredClone(STRANGE[Math.floor(random() * STRANGE.length)]));
  }
  return copy;
}

const OBJECTS: [string, DtoClass, object][] = [
  [
    'Location',
    Location,
    {
      ...location('L1', { evses: 2 }),
      directions: [{ language: 'en', text: 'left' }],
      opening_times: {
        twentyfourseven: false,
        regular_hours: [{ weekday: 1, period_begin: '08:00', period_end: '20:00' }],
      },
    },
  ],
  [
    'Tariff',
    Tariff,
    tariff('T1', { min_price: { excl_vat: 1 }, tariff_alt_text: [{ language: 'en', text: 'x' }] }),
  ],
  [
    'Session',
    Session,
    session('S1', {
      charging_periods: [
        { start_date_time: '2026-01-01T00:00:00Z', dimensions: [{ type: 'POWER', volume: 1 }] },
      ],
    }),
  ],
  [
    'CDR',
    CDR,
    cdr('C1', {
      tariffs: [tariff('T1')],
      signed_data: {
        encoding_method: 'OCMF',
        signed_values: [{ nature: 'Start', plain_data: 'a', signed_data: 'b' }],
      },
    }),
  ],
  ['Token', Token, token('U1', { energy_contract: { supplier_name: 'x' } })],
];

test.each(OBJECTS)(
  '%s: the compiled check and class-validator agree on 1,500 mutations',
  (_name, cls, object) => {
    const random = seeded(11);
    const fits = compile(cls);
    expect([fits(object), accepts(cls, object)]).toEqual([true, true]);
    let refused = 0;
    for (let i = 0; i < 1500; i++) {
      const mutant = mutate(object, random);
      const verdict = fits(mutant);
      if (!verdict) refused++;
      if (verdict !== accepts(cls, mutant))
        expect([JSON.stringify(mutant), verdict]).toEqual([JSON.stringify(mutant), !verdict]);
    }
    expect(refused).toBeGreaterThan(500);
  },
);

test('keys of the prototype and deep nesting do no harm', () => {
  const odd = JSON.parse(
    `{"__proto__":{"id":1},"constructor":1,"evses":${'['.repeat(2000)}${']'.repeat(2000)}}`,
  ) as object;
  expect(compile(Location)(odd)).toBe(false);
});

describeWithData('real feeds', () => {
  const folder = 'locations/ocm_operators';
  const files = [
    'ocpi_2_2_1_locations-punkt.json',
    'ocpi_2_2_locations_powergo.json',
    'ocpi_2_2_1_locations-greems.json',
    'responses/ocpi_2_2_1_locations-sitronics.json',
  ];
  test.each(files)('%s: the two agree on every location', (file) => {
    for (const one of feedOf(`${folder}/${file}`))
      expect(compile(Location)(one)).toBe(accepts(Location, one));
  });
});
