import { HttpClient, succeeded } from './http-client';
import { joinUrl } from './endpoints';
import {
  attempt,
  connectionOf,
  discover,
  endpointOf,
  HandshakeError,
  type HubConnection,
} from './hub-connection';
import { asObjects, asText, isObject, type JsonObject } from './json';
import { bodyText, headersOf, hubParty, withQuery, type SendOptions } from './sending';
import { keyOf } from './store';
import { authorization, newToken, type TokenEncoding } from './tokens';
import type { Answer, Party, PartyId } from './types';

/** Options of the short forms; module, path and body are given apart. */
export type RequestOptions = Omit<SendOptions, 'module' | 'path' | 'body'>;

/** A whole list, read page by page. */
export interface WholeList {
  objects: JsonObject[];
  /** X-Total-Count of each page. */
  totals: number[];
  pages: Answer[];
}

/** The outgoing half of a platform: handshake, requests to the hub, lists. */
export abstract class HubClient {
  /** The connection to the hub; undefined until registered. */
  hub: HubConnection | undefined;
  /** How tokens stand in Authorization, both ways. */
  tokenEncoding: TokenEncoding = 'base64';
  protected readonly client = new HttpClient();
  /** Tokens with which the hub may call us. */
  readonly hubTokens = new Set<string>();

  constructor(public parties: Party[]) {}

  abstract get versionsUrl(): string;

  /** The first party, FROM unless a request names another. */
  get party(): PartyId {
    const [first] = this.parties;
    if (first === undefined) throw new Error('the platform hosts no party');
    return { country_code: first.country_code, party_id: first.party_id };
  }

  /** The hub's party; throws while not registered. */
  get hubParty(): PartyId {
    return hubParty(this.hub);
  }

  /** Our Credentials object with the token that the hub is to call us with (credentials, "Credentials object"). */
  credentials(token: string): JsonObject {
    const roles = this.parties.map(({ role, country_code, party_id, name }) => ({
      role,
      country_code,
      party_id,
      business_details: { name },
    }));
    return { token, url: this.versionsUrl, roles };
  }

  /**
   * The handshake with us as the sender: versions, details, POST credentials with a TOKEN_B of ours.
   * Returns the hub's answer to the POST; throws a HandshakeError that holds the answer which failed.
   */
  async register(versionsUrl: string, tokenA: string): Promise<Answer> {
    const endpoints = await discover((url, token) => this.send({ url, token }), versionsUrl, tokenA);
    return this.exchangeCredentials('POST', endpoints, tokenA);
  }

  /** PUT credentials: new tokens both ways, and changed parties where they are given (then kept). */
  async updateCredentials(change: { parties?: Party[] } = {}): Promise<Answer> {
    const { endpoints, token } = this.connected();
    const before = this.parties;
    this.parties = change.parties ?? before;
    try {
      return await this.exchangeCredentials('PUT', endpoints, token);
    } catch (error) {
      if (error instanceof HandshakeError && error.answer !== undefined) this.parties = before;
      throw error;
    }
  }

  /** DELETE credentials; afterwards neither side's tokens are valid. */
  async unregister(): Promise<Answer> {
    const answer = await attempt('DELETE credentials', () =>
      this.send({ method: 'DELETE', module: 'credentials' }),
    );
    this.hub = undefined;
    this.hubTokens.clear();
    return answer;
  }

  private async exchangeCredentials(
    method: string,
    endpoints: Map<string, string>,
    token: string,
  ): Promise<Answer> {
    const before = [...this.hubTokens];
    const tokenB = newToken();
    this.hubTokens.add(tokenB);
    const url = endpoints.get('credentials') ?? '';
    const body = this.credentials(tokenB);
    const answer = await attempt(`${method} credentials`, () =>
      this.send({ method, url, token, body }),
    ).catch((error: unknown) => {
      if (error instanceof HandshakeError && error.answer !== undefined) this.hubTokens.delete(tokenB);
      throw error;
    });
    this.hub = connectionOf(answer.data, endpoints);
    for (const old of before) this.hubTokens.delete(old);
    return answer;
  }

  private connected(): HubConnection {
    if (this.hub === undefined) throw new Error('not registered with a hub');
    return this.hub;
  }

  /** Sends one request and returns whatever is answered. Rejects only where no answer came. */
  async send(options: SendOptions): Promise<Answer> {
    const url = options.url ?? joinUrl(this.endpoint(options), options.path ?? '');
    const headers = headersOf(options, this.parties[0], this.hub);
    const token = options.token ?? this.hub?.token;
    if (token !== undefined && !('authorization' in lowerCase(options.headers))) {
      headers['authorization'] = authorization(token, this.tokenEncoding);
    }
    return this.client.exchange(withQuery(url, options.query), {
      method: options.method ?? 'GET',
      headers,
      body: bodyText(options.body),
      timeoutMs: options.timeoutMs,
    });
  }

  private endpoint({ module, role }: SendOptions): string {
    if (module === undefined) throw new Error('send needs a url or a module');
    return endpointOf(this.connected(), module, role ?? 'RECEIVER');
  }

  /** PUT on the hub's Receiver interface, TO = hub. */
  async put(
    module: string,
    path: string | string[],
    body: SendOptions['body'],
    more: RequestOptions = {},
  ): Promise<Answer> {
    return this.send({ method: 'PUT', to: 'hub', ...more, module, path, body });
  }

  /** PATCH on the hub's Receiver interface, TO = hub. */
  async patch(
    module: string,
    path: string | string[],
    body: SendOptions['body'],
    more: RequestOptions = {},
  ): Promise<Answer> {
    return this.send({ method: 'PATCH', to: 'hub', ...more, module, path, body });
  }

  /** POST on the hub's Receiver interface, TO = hub: CDRs. */
  async post(
    module: string,
    path: string | string[],
    body: SendOptions['body'],
    more: RequestOptions = {},
  ): Promise<Answer> {
    return this.send({ method: 'POST', to: 'hub', ...more, module, path, body });
  }

  /** GET on the hub's Receiver interface, TO = hub. */
  async get(module: string, path: string | string[], more: RequestOptions = {}): Promise<Answer> {
    return this.send({ method: 'GET', to: 'hub', ...more, module, path });
  }

  /** DELETE on the hub's Receiver interface, TO = hub. */
  async delete(module: string, path: string | string[], more: RequestOptions = {}): Promise<Answer> {
    return this.send({ method: 'DELETE', to: 'hub', ...more, module, path });
  }

  /** Pushes an owned object: PUT at its own path, a CDR by POST. */
  async push(module: string, object: JsonObject, more: RequestOptions = {}): Promise<Answer> {
    if (module === 'cdrs') return this.post(module, '', object, more);
    const [, country, party, id] = keyOf(module, object).split('/');
    const query = module === 'tokens' ? { type: asText(object['type']) } : undefined;
    return this.put(module, [country ?? '', party ?? '', ...(id === undefined ? [] : [id])], object, {
      query,
      ...more,
    });
  }

  /** One page of the hub's Sender interface: GET All, TO = hub. */
  async list(module: string, query: SendOptions['query'] = {}, more: RequestOptions = {}): Promise<Answer> {
    return this.send({ method: 'GET', role: 'SENDER', to: 'hub', ...more, module, query });
  }

  /** Follows the Links from the first page to the last. Throws on a page that is no success. */
  async listAll(
    module: string,
    query: SendOptions['query'] = {},
    more: RequestOptions = {},
  ): Promise<WholeList> {
    const list: WholeList = { objects: [], totals: [], pages: [] };
    let page = await this.list(module, query, more);
    for (;;) {
      if (!succeeded(page)) throw new HandshakeError(`GET ${module}`, page);
      list.pages.push(page);
      list.objects.push(...asObjects(page.data));
      list.totals.push(Number(page.headers['x-total-count']));
      const next = nextLink(page);
      if (next === undefined) return list;
      page = await this.send({ to: 'hub', ...more, module, url: next });
    }
  }
}

/** The URL of Link rel="next", or undefined on the last page. */
export function nextLink(page: Answer): string | undefined {
  return /<([^>]*)>\s*;\s*rel="?next"?/.exec(page.headers['link'] ?? '')?.[1];
}

function lowerCase(headers: SendOptions['headers']): JsonObject {
  const lower: JsonObject = {};
  for (const [name, value] of Object.entries(headers ?? {})) lower[name.toLowerCase()] = value;
  return isObject(lower) ? lower : {};
}
