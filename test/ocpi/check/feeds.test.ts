import { checkOf } from '../../../src/ocpi/check';
import { EVSE, Location } from '../../../src/ocpi/v2_2_1/locations/dto';
import { Tariff } from '../../../src/ocpi/v2_2_1/tariffs/dto';
import { corrected, describeWithData, feedOf, readData } from '../../support/data';

interface Deviations {
  strict_valid: number;
  deviations: { deviation: string; level: string; field: string; count: number }[];
}

const FOLDER = 'locations/ocm_operators';
const operators = Object.entries((readData(`${FOLDER}/deviations.json`) ?? {}) as Record<string, Deviations>);
const ndw = (readData('ndw_dotnl_2.2.1/deviations.json') ?? {}) as Record<string, Deviations>;

const isCorrected = (deviation: { deviation: string; field: string }): boolean =>
  deviation.deviation === 'too_long' && ['Location.address', 'Location.state'].includes(deviation.field);

/** Where a field of a class is found in a location: deviations name classes, findings name paths. */
function lastKey(path: string): string {
  return (
    path
      .split('.')
      .at(-1)
      ?.replace(/\[\d+\]$/, '') ?? ''
  );
}

describeWithData("operators' feeds under the strict check", () => {
  test.each(operators)('%s: as many conform as deviations.json says', (file, { strict_valid }) => {
    const conforming = feedOf(`${FOLDER}/${file}`).filter(
      (location) => checkOf(Location)(location).length === 0,
    );
    expect(conforming).toHaveLength(strict_valid + corrected(file));
  });

  test.each(operators)('%s: every hard deviation is found', (file, { deviations }) => {
    const found = new Map<string, number>();
    for (const location of feedOf(`${FOLDER}/${file}`)) {
      for (const { path } of checkOf(Location)(location))
        found.set(lastKey(path), (found.get(lastKey(path)) ?? 0) + 1);
    }
    const hard = deviations.filter((deviation) => deviation.level === 'hard' && !isCorrected(deviation));
    const missed = hard.filter(({ field }) => !found.has(field.split('.').at(-1) ?? ''));
    expect(missed).toEqual([]);
  });

  test("NDW's tariffs and EVSEs: as many conform as deviations.json says", () => {
    const tariffs = feedOf('ndw_dotnl_2.2.1/tariffs.json').filter((t) => checkOf(Tariff)(t).length === 0);
    const evses = feedOf('ndw_dotnl_2.2.1/evses.json').filter((e) => checkOf(EVSE)(e.evse).length === 0);
    expect(tariffs).toHaveLength(ndw['tariffs.json']?.strict_valid ?? -1);
    expect(evses).toHaveLength(1145);
  });
});
