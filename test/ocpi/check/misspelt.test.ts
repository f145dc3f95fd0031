import { isOneEdit } from '../../../src/domain/ci-string';
import { misspeltIn } from '../../../src/ocpi/check/misspelt';
import { CDR } from '../../../src/ocpi/v2_2_1/cdrs/dto';
import { cdr, push, startTwo, type Joined, type Network } from '../../support/network';

/* A typo in the name of an optional field is no fault, but somebody should hear of it. */

test.each([
  ['invoice_reference_id', 'invoice_refernce_id', true],
  ['invoice_reference_id', 'invoice_referencee_id', true],
  ['invoice_reference_id', 'invoice_reference_di', true],
  ['invoice_reference_id', 'invoice-reference_id', true],
  ['invoice_reference_id', 'invoice_ref_id', false],
  ['remark', 'remarks', true],
  ['remark', 'mark', false],
  ['id', 'ids', true],
  ['name', 'lane', false],
])('%s and %s are one edit apart: %s', (known, name, expected) => {
  expect(isOneEdit(known, name)).toBe(expected);
});

const rules = (fields: Record<string, unknown>): string[] =>
  misspeltIn(CDR, cdr('C1', fields)).map(({ path, rule }) => `${path}: ${rule}`);

test('a field that is named almost as a known one that is not given is told, once', () => {
  const rule = '$: unknown field, did you mean invoice_reference_id?';
  expect(rules({ invoice_refernce_id: 'I1' })).toEqual([rule]);
  expect(rules({ invoice_refernce_id: 'I1', invoice_reference_d: 'I1' })).toEqual([rule]);
  expect(rules({ invoice_refernce_id: 'I1', invoice_reference_id: 'I1' })).toEqual([]);
  expect(rules({ nltnm_reference: 'x', invoice: 7, toString: 1 })).toEqual([]);
  expect(misspeltIn(CDR, 7)).toEqual([]);
});

test('many fields of a partner’s own are passed over', () => {
  const own = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`own_field_${i}`, i]));
  expect(rules({ ...own, invoice_refernce_id: 'I1' })).toEqual([]);
});

describe('a strict partner', () => {
  let network: Network;
  let cpo: Joined;

  beforeAll(async () => {
    ({ network, cpo } = await startTwo());
  });
  afterAll(() => network.stop());

  const post = (fields: Record<string, unknown>): ReturnType<typeof push> =>
    push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1', fields));
  const found = async (): Promise<unknown> =>
    (await network.hub.admin('GET', `/partners/${cpo.partnerId}/findings`)).json.items;

  test('is told of a required field that is misspelt, beside that it is missing', async () => {
    const { status, message } = await post({ total_energy: undefined, total_enery: 10 });
    expect(status).toBe(2001);
    expect(message).toBe('$.total_energy: is required; $: unknown field, did you mean total_energy?');
  });

  test('has an optional field that is misspelt among its findings; the object is taken', async () => {
    expect(await post({ invoice_refernce_id: 'I1' })).toMatchObject({ http: 201, status: 1000 });
    const rule = 'unknown field, did you mean invoice_reference_id?';
    expect(await found()).toMatchObject([{ module: 'cdrs', path: '$', rule, count: 1, example_id: 'C1' }]);
  });
});
