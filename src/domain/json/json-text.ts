/*
 * JSON texts are cut and joined at the bounds of their members, never parsed and written out again: digits, unknown
 * fields and the order of members stay as they were sent (semantics 23, 45). The scanner trusts its input:
 * every text that gets here has passed JSON.parse.
 */

export interface Member {
  key: string;
  /** Where the member begins (its quote) and where its value begins and ends. */
  start: number;
  valueStart: number;
  end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

function skipSpace(text: string, at: number): number {
  for (;;) {
    const c = text.charCodeAt(at);
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return at;
    at++;
  }
}

/** Keys and most values end so soon that looking beats a call of the native search. */
const NEAR = 32;

/** The place after the string that begins at `at`. */
function skipString(text: string, at: number): number {
  for (let i = at + 1; i <= at + NEAR; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) return skipEscaped(text, i);
  }
  const end = text.indexOf('"', at + NEAR);
  return text.charCodeAt(end - 1) === BACKSLASH ? skipEscaped(text, at + 1) : end + 1;
}

/** The place after the string whose content begins at `at`, escape by escape. */
function skipEscaped(text: string, at: number): number {
  for (let i = at; ; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i + 1;
  }
}

function skipNested(text: string, at: number): number {
  let depth = 0;
  for (let i = at; ; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) i = skipString(text, i) - 1;
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
    else if ((c === CLOSE_BRACE || c === CLOSE_BRACKET) && --depth === 0) return i + 1;
  }
}

/** The place after the value that begins at `at`. */
function skipValue(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c === QUOTE) return skipString(text, at);
  if (c === OPEN_BRACE || c === OPEN_BRACKET) return skipNested(text, at);
  let end = at;
  for (;;) {
    const d = text.charCodeAt(end);
    if (Number.isNaN(d) || d === COMMA || d === CLOSE_BRACE || d === CLOSE_BRACKET || d <= 32) return end;
    end++;
  }
}

function keyOf(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? String(JSON.parse(text.slice(start, end))) : raw;
}

/** The members of the object `text`, in their order; duplicates too. */
export function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = skipString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, valueStart);
    members.push({ key: keyOf(text, at, keyEnd), start: at, valueStart, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return members;
}

/** A member whose value is an object is entered: its own members are known. */
export interface NestedMember extends Member {
  members: NestedMember[] | undefined;
}

/**
 * The members of the object `text` with those of the objects below it, down to `depth`: in one pass, however deep. Lists
 * are not entered.
 */
export const nestedMembersOf = (text: string, depth: number): NestedMember[] =>
  objectAt(text, { at: skipSpace(text, 0), depth }).members;

function objectAt(
  text: string,
  { at: begin, depth }: { at: number; depth: number },
): { members: NestedMember[]; end: number } {
  const members: NestedMember[] = [];
  let at = skipSpace(text, begin + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = skipString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const value =
      depth > 0 && text.charCodeAt(valueStart) === OPEN_BRACE
        ? objectAt(text, { at: valueStart, depth: depth - 1 })
        : { end: skipValue(text, valueStart), members: undefined };
    const { end, members: below } = value;
    members.push({ key: keyOf(text, at, keyEnd), start: at, valueStart, end, members: below });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return { members, end: at + 1 };
}

/** The texts of the elements of the array `text`. */
export function elementsOf(text: string): string[] {
  const elements: string[] = [];
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) !== CLOSE_BRACKET) {
    const end = skipValue(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return elements;
}

export const isObjectText = (text: string): boolean => text.charCodeAt(skipSpace(text, 0)) === OPEN_BRACE;
export const isArrayText = (text: string): boolean => text.charCodeAt(skipSpace(text, 0)) === OPEN_BRACKET;

/** Is the raw key between these bounds (quotes included) this one? */
function isKey(text: string, at: { start: number; end: number }, key: string): boolean {
  if (at.end - at.start - 2 === key.length) return text.startsWith(key, at.start + 1);
  return text.slice(at.start, at.end).includes('\\') && keyOf(text, at.start, at.end) === key;
}

/** The text of a member's value (of the last one, where a key stands twice: as JSON.parse reads it). */
export function valueText(text: string, key: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = skipString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, valueStart);
    if (isKey(text, { start: at, end: keyEnd }, key)) found = text.slice(valueStart, end);
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return found;
}

/** The value of a member that is a string. */
export function stringValue(text: string, key: string): string | undefined {
  const found = valueText(text, key);
  if (found === undefined || found.charCodeAt(0) !== QUOTE) return undefined;
  return found.includes('\\') ? String(JSON.parse(found)) : found.slice(1, -1);
}

const joinMembers = (parts: readonly string[]): string => `{${parts.join(',')}}`;

/** The object without the members of these keys. */
export function withoutMembers(text: string, keys: readonly string[]): string {
  const members = membersOf(text);
  if (!members.some((m) => keys.includes(m.key))) return text;
  return joinMembers(members.filter((m) => !keys.includes(m.key)).map((m) => text.slice(m.start, m.end)));
}

/** The object with `"key":value` for each of the given value texts: in the old one's place, else at its end. */
export function withMembers(text: string, values: ReadonlyMap<string, string | undefined>): string {
  const left = new Map(values);
  const parts: string[] = [];
  for (const member of membersOf(text)) {
    if (!values.has(member.key)) {
      parts.push(text.slice(member.start, member.end));
      continue;
    }
    const value = left.get(member.key);
    left.delete(member.key);
    if (value !== undefined) parts.push(`${text.slice(member.start, member.valueStart)}${value}`);
  }
  for (const [key, value] of left) if (value !== undefined) parts.push(`${JSON.stringify(key)}:${value}`);
  return joinMembers(parts);
}

/** The object with this value text wherever it has that key; every other byte stays. */
export function withValue(text: string, key: string, value: string): string {
  let replaced = '';
  let at = 0;
  for (const member of membersOf(text)) {
    if (member.key !== key) continue;
    replaced += text.slice(at, member.valueStart) + value;
    at = member.end;
  }
  return replaced + text.slice(at);
}

/** Puts members behind those of an object that does not have them: no scan. */
export function appendMembers(text: string, members: string): string {
  const close = text.lastIndexOf('}');
  const empty = text.charCodeAt(skipSpace(text, skipSpace(text, 0) + 1)) === CLOSE_BRACE;
  return `${text.slice(0, close)}${empty || members === '' ? '' : ','}${members}}`;
}
