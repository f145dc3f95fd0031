import { NOTHING, Partner } from '../../src/demo/partner';
import { tellCharge } from '../../src/demo/story/tell-charge';
import { generateLocations, SimulatedCpo, SimulatedEmsp, type Party } from '../../src/simulator';

const NL_CPO: Party = { role: 'CPO', country_code: 'NL', party_id: 'CPO', name: 'A CPO' };
const BE_MSP: Party = { role: 'EMSP', country_code: 'BE', party_id: 'MSP', name: 'An eMSP' };
const HUB: Party = { role: 'HUB', country_code: 'NL', party_id: 'HUB', name: 'A hub' };

/** A CPO and an eMSP at each other; the CPO plays the hub to which the token is pushed. */
async function cast() {
  const cpo = await new SimulatedCpo({ parties: [NL_CPO, HUB] }).start();
  const emsp = await new SimulatedEmsp({ parties: [BE_MSP] }).start();
  const { versionsUrl, tokenA } = cpo.invite();
  await emsp.register(versionsUrl, tokenA);
  const locations = generateLocations({ seed: 1, count: 1, party: NL_CPO });
  cpo.owned.set('locations/NL/CPO/LOC1', locations[0]!);
  const partners = {
    cpos: [new Partner(cpo, { ...NOTHING, locations })],
    emsps: [new Partner(emsp, { ...NOTHING })],
  };
  return { cpo, emsp, partners, stop: () => Promise.all([cpo.stop(), emsp.stop()]) };
}

describe('the story of one charge', () => {
  it('is told from the token to the reading of the CDR, every message with its hops', async () => {
    const { partners, emsp, stop } = await cast();
    const lines: string[] = [];
    expect(await tellCharge(partners, (line) => void lines.push(line))).toBe(true);
    await stop();
    const steps = lines.filter((line) => /^[ \d]\d\. /.test(line));
    expect(steps).toHaveLength(15);
    expect(steps[2]).toContain('The eMSP sends START_SESSION to the CPO');
    expect(steps.at(-1)).toContain('The CPO reads it where the Location of the answer says');
    const ids = lines.flatMap((line) => /correlation ([\da-f]{8})/.exec(line)?.[1] ?? []);
    expect(ids).toHaveLength(30);
    for (let hop = 0; hop < ids.length; hop += 2) expect(ids[hop]).toBe(ids[hop + 1]);
    expect(emsp.holds('cdrs')).toMatchObject([
      { session_id: 'STORY', authorization_reference: 'AUTH-STORY' },
    ]);
  });

  it('ends with the name of the step that went wrong, and what was seen of it', async () => {
    const { partners, emsp, stop } = await cast();
    const lines: string[] = [];
    emsp.behaviour = ({ method }) => (method === 'PATCH' ? { status_code: 3000, status_message: 'No' } : {});
    expect(await tellCharge(partners, (line) => void lines.push(line))).toBe(false);
    await stop();
    expect(lines.at(-1)).toMatch(
      /^The story ends here: step 6 \(The CPO tells the energy so far\): .*3000: No$/,
    );
    expect(lines.at(-2)).toMatch(/200 3000 .*PATCH/);
  });
});
