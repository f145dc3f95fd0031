import fs from 'node:fs';
import path from 'node:path';

/** Real feeds and the specification's examples lie beside the repository; they are not part of it. */
const DATA = path.resolve(__dirname, '../../../shared/data');

const ABSENT = '../shared/data is not there, see Real feeds in CONTRIBUTING.md';

/** `describe` where the data is there; else skipped: the title says why, and the end of the run repeats it. */
export const describeWithData = (title: string, tests: () => void): void => {
  if (fs.existsSync(DATA)) describe(title, tests);
  else describe.skip(`${title} (skipped: ${ABSENT})`, tests);
};

/** A JSON file of it, a byte order mark dropped; undefined where the data is not there. */
export function readData(file: string): unknown {
  const at = path.join(DATA, file);
  if (!fs.existsSync(at)) return undefined;
  return JSON.parse(fs.readFileSync(at, 'utf8').replace(/^\ufeff/, ''));
}

/** Names of the files of one of its folders; none where the data is not there. */
export function filesOf(folder: string): string[] {
  const at = path.join(DATA, folder);
  return fs.existsSync(at) ? fs.readdirSync(at) : [];
}

/** The objects of a feed: a bare list or an envelope. */
export function feedOf(file: string): Record<string, unknown>[] {
  const content = readData(file) as { data?: unknown } | unknown[] | undefined;
  const list = Array.isArray(content) ? content : content?.data;
  return Array.isArray(list) ? (list as Record<string, unknown>[]) : [];
}

/*
 * The specification was corrected (release-2.2.1-bugfixes) after the deviations were counted: addresses of 255 and states
 * of 45 characters fit. So many locations, whose only fault was one of these lengths, conform now.
 */
const CORRECTED: Record<string, number> = {
  'ocpi_2_2_1_locations-ezvolt.json': 54,
  'ocpi_2_2_locations-otopriz.json': 72,
  'ocpi_2_2_1_locations-punkt.json': 1,
};

/** How many more of a feed's locations conform than its deviations say. `file`: with or without its folder. */
export const corrected = (file: string): number => CORRECTED[file.slice(file.lastIndexOf('/') + 1)] ?? 0;
