import { checkOf, type DtoClass } from '../../../src/ocpi/check';
import { CDR } from '../../../src/ocpi/v2_2_1/cdrs/dto';
import { Credentials, VersionDetails } from '../../../src/ocpi/v2_2_1/credentials/dto';
import { Hours, Location } from '../../../src/ocpi/v2_2_1/locations/dto';
import { Session } from '../../../src/ocpi/v2_2_1/sessions/dto';
import { Tariff } from '../../../src/ocpi/v2_2_1/tariffs/dto';
import { Token } from '../../../src/ocpi/v2_2_1/tokens/dto';
import { EnergyMix } from '../../../src/ocpi/v2_2_1/types/classes';
import { describeWithData, filesOf, readData } from '../../support/data';
import { schemaAt } from '../../support/schemas';

const FOLDER = 'spec/2.2.1-d2';

/** Which files hold a whole object of which class. */
const WHOLE: [RegExp, DtoClass][] = [
  [/^cdr_example/, CDR],
  [/^credentials_example/, Credentials],
  [/^location_example/, Location],
  [/^location_hours_/, Hours],
  [/^session_example/, Session],
  [/^tariff_\d/, Tariff],
  [/^token_example/, Token],
  [/^token_put_example/, Token],
  [/^version_details_example/, VersionDetails],
];

const wholes = filesOf(FOLDER).flatMap((file) =>
  WHOLE.filter(([name]) => name.test(file)).map(([, cls]) => [file, cls] as const),
);

describeWithData("the specification's examples", () => {
  test.each(wholes)('%s fits its definition and the document', (file, cls) => {
    const content = readData(`${FOLDER}/${file}`) as { data?: object };
    expect(checkOf(cls)(content.data ?? content)).toEqual([]);
    expect(schemaAt(`/components/schemas/${cls.name}`)(content.data ?? content)).toBe(true);
  });

  test('tariff_put_example.json lacks last_updated, and that alone', () => {
    const example = readData(`${FOLDER}/tariff_put_example.json`);
    const findings = checkOf(Tariff)(example);
    expect(findings.map((f) => f.message)).toEqual(['$.last_updated: is required']);
    expect(schemaAt('/components/schemas/Tariff')(example)).toBe(false);
  });

  test('a complete energy mix fits', () => {
    const { energy_mix } = readData(`${FOLDER}/location_energymix_example_complete.json`) as {
      energy_mix: object;
    };
    expect(checkOf(EnergyMix)(energy_mix)).toEqual([]);
  });

  test('there are examples to look at', () => {
    expect(wholes.length).toBeGreaterThan(30);
  });
});
