import { asObjects, asText, at, parseJson, type Json, type JsonObject } from '../simulator';
import type { HubProcess } from './hub-process';

/** The hub's admin API, as far as the demo needs it. */
export class Admin {
  constructor(private readonly hub: Pick<HubProcess, 'url' | 'adminToken'>) {}

  /** Makes a partner. @returns its id and what it needs for the handshake */
  async createPartner(name: string): Promise<{ id: string; tokenA: string; versionsUrl: string }> {
    const made = await this.call('POST', '/partners', { name });
    return {
      id: asText(at(made, 'id')),
      tokenA: asText(at(made, 'token_a')),
      versionsUrl: asText(at(made, 'versions_url')),
    };
  }

  /** Sets the lenient validation policy of a partner. */
  async makeLenient(id: string): Promise<void> {
    await this.call('PATCH', `/partners/${encodeURIComponent(id)}`, { validation: 'lenient' });
  }

  /** Changes that receivers have still to be told of; 0 when every one of them is in sync. */
  async behind(): Promise<number> {
    const items = asObjects(at(await this.call('GET', '/feed'), 'items'));
    return items.reduce((sum, item) => sum + openOf(item), 0);
  }

  private async call(method: string, path: string, body?: JsonObject): Promise<Json | undefined> {
    const answer = await fetch(`${this.hub.url}/admin/api${path}`, {
      method,
      headers: { authorization: `Bearer ${this.hub.adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /admin/api${path}: HTTP ${answer.status} ${text}`);
    return parseJson(text);
  }
}

function openOf(item: JsonObject): number {
  const waiting = asObjects(item['receivers']).map(
    (receiver) => Number(receiver['cdrs_waiting'] ?? 0) + (receiver['full_push'] === true ? 1 : 0),
  );
  return waiting.reduce((sum, count) => sum + count, Number(at(item, 'behind', 'changes') ?? 0));
}
