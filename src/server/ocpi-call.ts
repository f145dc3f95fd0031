import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { InterfaceRole } from '../domain/partner';
import type { Reply } from '../ocpi/envelope';
import type { PagingRules } from '../ocpi/paging';
import type { Context } from '../context';
import type { Caller, TokenKind } from '../store/registry/registry';

export type { Caller, TokenKind } from '../store/registry/registry';

/** One OCPI request on its way through the pipeline. */
export interface OcpiCall {
  context: Context;
  request: IncomingMessage;
  method: string;
  /** Below /ocpi, as it came. */
  path: string;
  /** The query string as it came, with its `?`. */
  search: string;
  /** Values of the pattern's `:name` segments, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  request_id: string;
  correlation_id: string;
  caller: Caller;
}

export type Handler = (call: OcpiCall) => Promise<Reply>;

export interface Route {
  method: string;
  /** Below /ocpi, e.g. `2.2.1/receiver/locations/:country_code/:party_id/:location_id`. */
  pattern: string;
  /** Which tokens open it. */
  opens: readonly TokenKind[];
  handle: Handler;
}

/** A line of the version details; `path` is below /ocpi. */
export interface EndpointEntry {
  identifier: string;
  role: InterfaceRole;
  path: string;
}

/** How the parameters of a list are read for this caller. */
export function pagingRules({ context, caller }: OcpiCall): PagingRules {
  return { pageLimit: context.config.pageLimit, offsets: caller.partner.policies.validation === 'lenient' };
}
