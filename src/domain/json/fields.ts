/** The members of a JSON object, of whatever kind. */
export type Fields = Record<string, unknown>;

/** A JSON object: no list, not null. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
