import { isObjectText, nestedMembersOf, type NestedMember } from './json-text';

/** Deeper than any OCPI object; below it a PATCH replaces, so that nobody can exhaust the stack. */
const MAX_DEPTH = 32;

/** An object within a text. */
interface ObjectWithin {
  text: string;
  members: readonly NestedMember[];
}

const NOTHING: ObjectWithin = { text: '{}', members: [] };

const within = (text: string, depth: number): ObjectWithin => ({
  text,
  members: nestedMembersOf(text, depth),
});

const depthOf = (members: readonly NestedMember[]): number =>
  members.reduce((most, m) => (m.members ? Math.max(most, 1 + depthOf(m.members)) : most), 0);

/**
 * Merges a PATCH into an object as texts: objects member by member, everything else replaces, null removes
 * (RFC 7396; semantics 35). Digits and unknown fields of both stay. Each text is read once, however deep it is.
 */
export function mergePatch(target: string, patch: string): string {
  if (!isObjectText(patch)) return patch;
  // An object that is new, and removes nothing, is what it becomes.
  if (target === NOTHING.text && !patch.includes('null')) return patch;
  const given = within(patch, MAX_DEPTH);
  const base = isObjectText(target) ? within(target, depthOf(given.members)) : NOTHING;
  return mergeObjects(base, given);
}

type Find = (key: string) => NestedMember | undefined;

/** So few are looked through; a Map of them takes longer. */
const FEW = 12;

/** The last member of a key: as JSON.parse reads one that stands twice. */
function finder(members: readonly NestedMember[]): Find {
  if (members.length <= FEW) return (key) => members.findLast((member) => member.key === key);
  const byKey = new Map(members.map((member) => [member.key, member]));
  return (key) => byKey.get(key);
}

/** A member stays in its place; new ones come behind. */
function mergeObjects(base: ObjectWithin, patch: ObjectWithin): string {
  const [old, given] = [finder(base.members), finder(patch.members)];
  const placed = new Set<string>();
  const parts: string[] = [];
  for (const member of base.members) {
    const change = given(member.key);
    if (!change) parts.push(base.text.slice(member.start, member.end));
    else if (!placed.has(member.key)) {
      placed.add(member.key);
      const value = mergedValue({ base, old: old(member.key) }, { patch, change });
      if (value !== undefined) parts.push(base.text.slice(member.start, member.valueStart) + value);
    }
  }
  for (const change of patch.members) {
    if (placed.has(change.key) || given(change.key) !== change) continue;
    const value = mergedValue({ base, old: undefined }, { patch, change });
    if (value !== undefined) parts.push(`${JSON.stringify(change.key)}:${value}`);
  }
  return `{${parts.join(',')}}`;
}

/** What a member becomes; undefined: it goes. */
function mergedValue(
  { base, old }: { base: ObjectWithin; old: NestedMember | undefined },
  { patch, change }: { patch: ObjectWithin; change: NestedMember },
): string | undefined {
  if (change.members) {
    const below = old?.members ? { text: base.text, members: old.members } : NOTHING;
    return mergeObjects(below, { text: patch.text, members: change.members });
  }
  const value = patch.text.slice(change.valueStart, change.end);
  return value === 'null' ? undefined : value;
}
