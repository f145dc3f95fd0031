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
    const meant = [...known].find((setting) => oneEditApart(setting, name));
    if (meant === undefined) continue;
    const remedy = `write ${meant}, or unset it where it is another program's`;
    throw new ConfigError(name, `there is none of this name, but ${meant}: ${remedy}`);
  }
}

/** NODE and POST are words of their own, not misspelt MODE and PORT. */
const SHORT = 4;

/** One letter too many, too few or another one, or two that changed places. */
export function oneEditApart(setting: string, name: string): boolean {
  const start = commonStart(setting, name);
  const [a, b] = [setting.slice(start), name.slice(start)];
  if (a === b) return false;
  if (a.slice(1) === b || b.slice(1) === a) return true;
  if (a.slice(2) === b.slice(2) && a.length === b.length && a[0] === b[1] && a[1] === b[0]) return true;
  return setting.length > SHORT && a.slice(1) === b.slice(1);
}

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
