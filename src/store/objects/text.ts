import { appendMembers } from '../../domain/json/json-text';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { numbersOf } from '../../ocpi/versions';

/** Modules whose objects have rows of their own below them. */
export const IN_LEVELS = numbersOf(({ levels }) => levels.length > 0);

export interface StoredTexts {
  shown: string;
  text: string;
  evses: readonly string[] | null;
}

/**
 * Puts an object together as it goes out. One of several levels is stored without its first level and `last_updated`;
 * both are joined behind the rest. All other objects went in whole.
 */
export function wholeText({ levels }: OwnedModuleDescriptor, stored: StoredTexts): string {
  const [first] = levels;
  if (!first) return stored.text;
  const evses =
    stored.evses && stored.evses.length > 0 ? `"${first.member}":[${stored.evses.join(',')}],` : '';
  return appendMembers(stored.text, `${evses}"last_updated":${JSON.stringify(stored.shown)}`);
}
