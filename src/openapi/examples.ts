import fs from 'node:fs';
import path from 'node:path';

/*
 * The payloads that openapi.yaml shows and docs/partners.md sends: one JSON file each, named like the schema that it is an
 * example of. `Location.patch` is a part of a Location.
 */

/** Served below /docs/examples. */
export const EXAMPLES_FOLDER = path.join(__dirname, 'examples');

const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(EXAMPLES_FOLDER, file), 'utf8'));

const examples = new Map(
  fs
    .readdirSync(EXAMPLES_FOLDER)
    .sort()
    .map((file) => [path.basename(file, '.json'), read(file)] as const),
);

/** The names of all examples. */
export const exampleNames = (): string[] => [...examples.keys()];

/** The example of a schema, by its name; undefined where there is none. */
export const exampleOf = (name: string): unknown => examples.get(name);

/** `example` of a media type, where there is one. */
export function shown(name: string | undefined): { example?: unknown } {
  const found = name === undefined ? undefined : exampleOf(name);
  return found === undefined ? {} : { example: found };
}
