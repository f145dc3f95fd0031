import { stringValue } from './json-text';
import { canonicalJson } from './same-json';

/**
 * Which elements of a list are known, by what they say. Elements that say the same have the same value in one member:
 * only where two share it are they parsed, each once. So a list of any length takes one step per element.
 */
export class KnownElements {
  private readonly groups = new Map<string, Set<string>>();
  /** The only text of a group, not brought into one form yet. */
  private readonly single = new Map<string, string>();

  /** @param member a string by which elements that say the same agree */
  constructor(private readonly member: string) {}

  /** @returns whether the element was new */
  add(element: string): boolean {
    const value = stringValue(element, this.member) ?? '';
    const first = this.single.get(value);
    if (first === undefined) {
      this.single.set(value, element);
      return true;
    }
    if (first === element) return false;
    return this.addToGroup(value, { first, element });
  }

  private addToGroup(value: string, { first, element }: { first: string; element: string }): boolean {
    const group = this.groups.get(value) ?? new Set([canonicalJson(first)]);
    this.groups.set(value, group);
    const before = group.size;
    return group.add(canonicalJson(element)).size > before;
  }
}
