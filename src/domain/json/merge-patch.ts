import { isObjectText, membersOf, withMembers } from './json-text';

/** Deeper than any OCPI object; below it a PATCH replaces, so that nobody can exhaust the stack. */
const MAX_DEPTH = 32;

/**
 * Merges a PATCH into an object as texts: objects member by member, everything else replaces, null removes
 * (RFC 7396; semantics 35). Digits and unknown fields of both stay.
 */
export function mergePatch(target: string, patch: string, depth = 0): string {
  if (!isObjectText(patch) || depth > MAX_DEPTH) return patch;
  const base = isObjectText(target) ? target : '{}';
  const old = new Map(membersOf(base).map((m) => [m.key, base.slice(m.valueStart, m.end)]));
  const merged = new Map<string, string | undefined>();
  for (const member of membersOf(patch)) {
    const value = patch.slice(member.valueStart, member.end);
    if (value === 'null') merged.set(member.key, undefined);
    else
      merged.set(
        member.key,
        isObjectText(value) ? mergePatch(old.get(member.key) ?? '{}', value, depth + 1) : value,
      );
  }
  return withMembers(base, merged);
}
