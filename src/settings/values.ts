import { ConfigError } from './config-error';

/* How the text of a setting becomes a value. Each throws a ConfigError that names the setting and its rule. */

export type Env = Record<string, string | undefined>;

/** A whole number within bounds. */
export function integer(
  env: Env,
  name: string,
  rule: { fallback: number; min: number; max: number },
): number {
  const text = env[name];
  if (text === undefined || text === '') return rule.fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < rule.min || value > rule.max) {
    throw new ConfigError(name, `must be a whole number from ${rule.min} to ${rule.max}`);
  }
  return value;
}

/** One word of a list. */
export function oneOf<T extends string>(
  env: Env,
  name: string,
  rule: { fallback: T; values: readonly T[] },
): T {
  const text = env[name];
  if (text === undefined || text === '') return rule.fallback;
  const value = rule.values.find((v) => v === text);
  if (value === undefined) throw new ConfigError(name, `must be one of ${rule.values.join(', ')}`);
  return value;
}

/** A text of some form; `words` say which. */
export function matching(
  env: Env,
  name: string,
  rule: { fallback: string; pattern: RegExp; words: string },
): string {
  const text = env[name] || rule.fallback;
  if (!rule.pattern.test(text)) throw new ConfigError(name, rule.words);
  return text;
}

const UNITS: Record<string, number> = { '': 1, b: 1, kb: 1024, mb: 1024 * 1024 };

/** A size in bytes. */
export function bytes(env: Env, name: string, fallback: string): number {
  const found = /^(\d+)\s*(b|kb|mb)?$/i.exec(env[name] || fallback);
  if (!found) throw new ConfigError(name, 'must be a size such as 1mb, 512kb or 65536');
  return Number(found[1]) * (UNITS[(found[2] ?? '').toLowerCase()] ?? 1);
}

/** Base of the hub's URLs, without a slash at its end. */
export function publicUrl(env: Env, port: number): string {
  const text = env.PUBLIC_URL || `http://localhost:${port}`;
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new ConfigError('PUBLIC_URL', 'must be an http(s) URL');
  return text.replace(/\/+$/, '');
}

/** Where a PostgreSQL is; undefined where none is set. */
export function databaseUrl(env: Env): string | undefined {
  const text = env.DATABASE_URL;
  if (!text) return undefined;
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    const form = 'must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE';
    throw new ConfigError('DATABASE_URL', `${form}; write other signs than letters and digits as %XX`);
  }
  return text;
}
