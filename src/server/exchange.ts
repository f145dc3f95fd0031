import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Reply } from '../ocpi/envelope';
import type { Context } from '../context';
import type { Partner } from '../domain/partner';

/** Who calls: the platform and the kind of credentials token that it called with. */
export interface Caller {
  partner: Partner;
  kind: TokenKind;
  /** The token as presented; for credentials handlers alone, never logged. */
  token: string;
}

/**
 * A: handed out by the admin, opens versions and credentials. B: ours in a handshake under way, opens versions and
 * details. C: of a registered platform. SUPERSEDED: the former C, opens PUT credentials alone.
 */
export type TokenKind = 'A' | 'B' | 'C' | 'SUPERSEDED';

/** One OCPI request on its way through the pipeline. */
export interface Exchange {
  context: Context;
  request: IncomingMessage;
  method: string;
  path: string;
  /** Values of the pattern's `:name` segments, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  request_id: string;
  correlation_id: string;
  caller: Caller;
}

export type Handler = (exchange: Exchange) => Promise<Reply>;

export interface Route {
  method: string;
  /** Below /ocpi, e.g. `2.2.1/receiver/locations/:country_code/:party_id/:location_id`. */
  pattern: string;
  /** Which tokens open it. */
  opens: readonly TokenKind[];
  handle: Handler;
}
