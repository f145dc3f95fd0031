import { adopt } from '../../src/simulator/generate/feeds';
import { describeWithData, feedOf } from '../support/data';
import { party, startNetwork, type Fields, type Network } from '../support/network';
import { pullAgain, pulled } from '../support/pulls';

/* Operators' feeds as they published them, pulled as pages of lenient partners. */

const FOLDER = 'locations/ocm_operators';
const FILES = [
  'responses/ocpi_2_2_locations-gaia.json',
  'responses/ocpi_2_2_1_locations-ev24.json',
  'responses/ocpi_2_2_1_locations-sitronics.json',
  'ocpi_2_2_1_locations-greems.json',
  'ocpi_2_2_1_locations-ezvolt.json',
];
const PAGE = 100;

let network: Network;

describeWithData("operators' feeds pulled", () => {
  beforeAll(async () => {
    network = await startNetwork();
  });
  afterAll(() => network.stop());

  const heads = async (): Promise<Fields[]> =>
    (
      await network.hub.context.database.pool.query<Fields>(
        'select head_id, version from head_state order by 1',
      )
    ).rows;

  test.each(FILES)('%s: all that has an id is stored, and a second pull writes nothing', async (file) => {
    const owner = party('CPO', 'XX', `P${FILES.indexOf(file)}`);
    const { objects } = adopt(JSON.parse(JSON.stringify(feedOf(`${FOLDER}/${file}`))), owner);
    const distinct = new Set(objects.map(({ id }) => (id as string).toUpperCase())).size;
    const cpo = await network.join({
      parties: [owner],
      policies: { validation: 'lenient' },
      before: (platform) => {
        platform.behaviour = (r) => {
          if (r.module !== 'locations' || r.method !== 'GET') return undefined;
          const at = Number(r.query.offset ?? 0);
          const headers = { 'x-total-count': String(objects.length) };
          return { http: 200, headers, body: `\uFEFF${JSON.stringify(objects.slice(at, at + PAGE))}` };
        };
      },
    });
    const first = (await pulled(network.hub.admin, cpo.partnerId)).get('locations');
    expect(first).toMatchObject({ objects: distinct, stored: distinct, refused: 0 });
    const before = await heads();
    const second = (await pullAgain(network.hub.admin, cpo.partnerId, { kind: 'full' })).get('locations');
    expect(second).toMatchObject({ stored: 0, unchanged: distinct, gone: 0 });
    expect(await heads()).toEqual(before);
  });
});
