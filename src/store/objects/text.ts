import { appendMembers } from '../../domain/json/json-text';
import type { OwnedModule } from '../../domain/visibility';

export interface StoredTexts {
  shown: string;
  text: string;
  evses: readonly string[] | null;
}

/**
 * Puts an object together as it goes out. A location is stored without its `evses` and `last_updated`; both are
 * joined behind the rest. All other objects went in whole.
 */
export function wholeText(module: OwnedModule, stored: StoredTexts): string {
  if (module !== 'locations') return stored.text;
  const evses = stored.evses && stored.evses.length > 0 ? `"evses":[${stored.evses.join(',')}],` : '';
  return appendMembers(stored.text, `${evses}"last_updated":${JSON.stringify(stored.shown)}`);
}
