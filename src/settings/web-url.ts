import { ConfigError } from './config-error';
import type { Env } from './values';

/* URLs that partners may show: they go out in the hub's business_details. */

/** An image that partners may show. */
export interface Logo {
  url: string;
  /** By the ending of its file. */
  type: 'png' | 'jpeg' | 'svg' | 'gif';
}

/** A URL as OCPI takes it; undefined where none is set. @throws ConfigError */
export function webUrl(env: Env, name: string): string | undefined {
  const text = env[name] || undefined;
  if (text === undefined) return undefined;
  if (text.length > 255 || /[^\x21-\x7e]/.test(text) || !/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new ConfigError(name, 'must be an http(s) URL of at most 255 characters');
  return text;
}

const IMAGE_TYPES: Record<string, Logo['type']> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  svg: 'svg',
  gif: 'gif',
};

/** An image by the ending of its file. @throws ConfigError */
export function logo(env: Env, name: string): Logo | undefined {
  const url = webUrl(env, name);
  if (url === undefined) return undefined;
  const ending = /\.([a-z]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  const type = IMAGE_TYPES[ending];
  if (type === undefined)
    throw new ConfigError(name, 'must name a file that ends with .png, .jpg, .jpeg, .svg or .gif');
  return { url, type };
}
