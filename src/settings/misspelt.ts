import { isOneEdit } from '../domain/ci-string';
import { ConfigError } from './config-error';
import type { Env } from './values';

/*
 * A misspelt setting would start another hub than the one that was meant: DATABSE_URL one with an empty database. So
 * what is no setting, but one edit away from one, stops the start. A setting is known because it is read.
 */

/** The same environment, which notes each name that is asked for in `known`. */
export function noting(given: Env, known: Set<string>): Env {
  return new Proxy(given, {
    get: (target, name) => {
      if (typeof name !== 'string') return undefined;
      known.add(name);
      return target[name];
    },
  });
}

/** @throws ConfigError that names what is set and what was probably meant */
export function refuseMisspelt(given: Env, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === '' || known.has(name)) continue;
    const meant = [...known].find((setting) => isMisspelt(setting, name));
    if (meant === undefined) continue;
    const remedy = `write ${meant}, or unset it where it is another program's`;
    throw new ConfigError(name, `there is none of this name, but ${meant}: ${remedy}`);
  }
}

/** NODE and POST are words of their own, not misspelt MODE and PORT. */
const SHORT = 4;

/** One edit apart, but short names of one length are other words. */
export function isMisspelt(setting: string, name: string): boolean {
  const isOtherWord = setting.length <= SHORT && setting.length === name.length && !isSwapped(setting, name);
  return !isOtherWord && isOneEdit(setting, name);
}

const isSwapped = (a: string, b: string): boolean => [...a].sort().join('') === [...b].sort().join('');
