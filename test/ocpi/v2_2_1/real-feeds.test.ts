import { adopt } from '../../../src/simulator/generate/feeds';
import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import { describeWithData, feedOf, readData } from '../../support/data';
import { inSync, party, push, startNetwork, type Network } from '../../support/network';

/* Operators' feeds as their operators sent them, through the hub: strict partners and lenient ones. */

const FOLDER = 'locations/ocm_operators';
interface Deviations {
  strict_valid: number;
  locations: number;
}
const deviations = (readData(`${FOLDER}/deviations.json`) ?? {}) as Record<string, Deviations>;
const FILES = [
  'responses/ocpi_2_2_locations-gaia.json',
  'responses/ocpi_2_2_1_locations-ev24.json',
  'responses/ocpi_2_2_1_locations-sitronics.json',
  'ocpi_2_2_1_locations-greems.json',
  'ocpi_2_2_1_locations-ezvolt.json',
];

let network: Network;
let emsp: SimulatedPlatform;

describeWithData("operators' feeds through the hub", () => {
  beforeAll(async () => {
    network = await startNetwork();
    emsp = await network.join({ parties: [party('EMSP', 'NL', 'TNM')] });
  });
  afterAll(() => network.stop());

  async function pushFeed(
    file: string,
    as: { id: string; validation: string },
  ): Promise<{ accepted: number; partnerId: string }> {
    const owner = party('CPO', 'XX', as.id);
    const cpo = await network.join({ parties: [owner], policies: { validation: as.validation } });
    const { objects } = adopt(JSON.parse(JSON.stringify(feedOf(`${FOLDER}/${file}`))), owner);
    let accepted = 0;
    for (const object of objects) {
      const answer = await push(
        cpo,
        {
          method: 'PUT',
          module: 'locations',
          path: `/XX/${as.id}/${encodeURIComponent(object.id as string)}`,
        },
        object,
      );
      if (answer.status === 1000) accepted++;
    }
    return { accepted, partnerId: cpo.partnerId };
  }

  test.each(FILES)('%s: a strict partner gets in what conforms, nothing else', async (file) => {
    const { accepted } = await pushFeed(file, { id: `S${FILES.indexOf(file)}`, validation: 'strict' });
    // ev24's only fault at some locations is party_id null, which a platform of one party has set.
    expect(accepted).toBeGreaterThanOrEqual(deviations[file]?.strict_valid ?? -1);
    expect(accepted).toBeLessThanOrEqual(
      (deviations[file]?.strict_valid ?? -1) + (file.includes('ev24') ? 1 : 0),
    );
  });

  test.each(FILES)('%s: a lenient partner gets in whole, and its faults are counted', async (file) => {
    const { accepted, partnerId } = await pushFeed(file, {
      id: `L${FILES.indexOf(file)}`,
      validation: 'lenient',
    });
    const { strict_valid, locations } = deviations[file] ?? { strict_valid: -1, locations: -1 };
    expect(accepted).toBe(locations);
    const { json } = await network.hub.admin('GET', `/partners/${partnerId}/findings`);
    const findings = json.items as { count: number }[];
    expect(findings.length > 0).toBe(strict_valid < locations);
  });

  test('all of it reaches the eMSP', async () => {
    await inSync(network.hub);
    const listed = await emsp.listAll('locations', { limit: 1000 });
    for (const object of listed.objects) {
      const key = `locations/${[object.country_code as string, object.party_id as string, object.id as string].join('/').toUpperCase()}`;
      expect(emsp.stored.get(key)).toEqual(object);
    }
    expect(emsp.stored.size).toBe(listed.objects.length);
  });
});
