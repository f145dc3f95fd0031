import { expectSuccess } from './discover';
import { asObjects, type JsonObject } from './json';
import { send, sendTo } from './send';
import type { PlatformState } from './state';
import type { Answer, PartyId, Recipient } from './types';

/** All pages of a list. */
export interface Listed {
  objects: JsonObject[];
  /** X-Total-Count of each page, in order. */
  totals: number[];
}

const MAX_PAGES = 100_000;

/**
 * GET All: a list of the other platform's Sender interface, Link by Link.
 * @throws Error where a page fails, or the links do not end
 */
export async function listAll(
  state: PlatformState,
  module: string,
  options: { query?: Record<string, string | number>; from?: PartyId; to?: Recipient },
): Promise<Listed> {
  const { query, ...routing } = options;
  const listed: Listed = { objects: [], totals: [] };
  let page = await send(state, {
    method: 'GET',
    module,
    interface: 'SENDER',
    ...routing,
    ...(query && { query }),
  });
  while (listed.totals.length < MAX_PAGES) {
    listed.objects.push(...asObjects(expectSuccess(`GET ${module}`, page)));
    listed.totals.push(Number(page.headers['x-total-count']));
    const next = nextOf(page);
    if (next === undefined) return listed;
    page = await sendTo(state, next, { method: 'GET', ...routing });
  }
  throw new Error(`the list of ${module} does not end`);
}

function nextOf(page: Answer): string | undefined {
  return /<([^>]+)>\s*;\s*rel="?next"?/.exec(page.headers['link'] ?? '')?.[1];
}
