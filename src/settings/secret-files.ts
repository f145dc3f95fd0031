import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error';
import { reasonOf } from './reason';
import type { Env } from './values';

/*
 * A secret may lie in a file, where neither `docker inspect` nor the environment of a child process shows it:
 * ADMIN_TOKEN_FILE names the file of ADMIN_TOKEN.
 */

/** The settings that are secrets; each has a sibling that ends in _FILE. */
const SECRETS = ['ADMIN_TOKEN', 'SECRET_KEY', 'DATABASE_URL'] as const;

const fileSetting = (name: string): string => `${name}_FILE`;

/** Names of the settings that name files. */
export const SECRET_FILES: readonly string[] = SECRETS.map(fileSetting);

/**
 * The environment with the secrets that lie in files.
 * @throws ConfigError where a secret is given twice, or its file cannot be read or is empty
 */
export function withSecretFiles(env: Env): Env {
  const found = SECRETS.filter((name) => env[fileSetting(name)]);
  return { ...env, ...Object.fromEntries(found.map((name) => [name, secretIn(env, name)])) };
}

function secretIn(env: Env, name: string): string {
  const setting = fileSetting(name);
  if (env[name]) throw new ConfigError(setting, `${name} is set too: set one of them`);
  const text = textOf(setting, env[setting] ?? '').replace(/\r?\n$/, '');
  if (text === '') throw new ConfigError(setting, `${env[setting]} is empty`);
  return text;
}

function textOf(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(setting, `${file} cannot be read (${reasonOf(error)})`);
  }
}
