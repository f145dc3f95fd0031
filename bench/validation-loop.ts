import { checkOf } from '../src/ocpi/check';
import { Location } from '../src/ocpi/v2_2_1/locations/dto';
import { locationText } from './locations';

/* Checks valid Locations, or parses their texts, for some time: in a process of its own, and says what one costs. */

const texts = Array.from({ length: 64 }, (_, n) => locationText(n));
const values: unknown[] = texts.map((text) => JSON.parse(text) as unknown);
const check = checkOf(Location);

for (const value of values) {
  const found = check(value);
  if (found.length > 0) throw new Error(`a Location of the bench is not valid: ${JSON.stringify(found)}`);
}

function checkAll(): void {
  for (const value of values) if (check(value).length > 0) throw new Error('not valid');
}

function parseAll(): void {
  for (const text of texts) JSON.parse(text);
}

process.on('message', ({ side, ms }: { side: 'check' | 'parse'; ms: number }) => {
  const round = side === 'check' ? checkAll : parseAll;
  const begin = performance.now();
  let rounds = 0;
  for (; performance.now() - begin < ms; rounds++) round();
  process.send?.(((performance.now() - begin) * 1000) / (rounds * texts.length));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
