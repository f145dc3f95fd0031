import type { Party } from './party';

export type Validation = 'strict' | 'lenient';
export type TokenEncoding = 'base64' | 'plain';
export type Broadcast = 'party' | 'platform';
export const TRAILING_SLASHES = ['keep', 'always', 'never'] as const;
export type TrailingSlash = (typeof TRAILING_SLASHES)[number];

/** An admin's decisions about one partner (PATCH /admin/api/partners/:id). */
export interface Policies {
  validation: Validation;
  token_encoding: TokenEncoding;
  broadcast: Broadcast;
  authorize_unknown_tokens: boolean;
  /** Whether the paths of the URLs at which the hub calls it end with a slash; keep: as its endpoints do. */
  trailing_slash: TrailingSlash;
}

export type InterfaceRole = 'SENDER' | 'RECEIVER';

/** Endpoint class of version_information_endpoint, as a partner's details gave it. */
export interface Endpoint {
  identifier: string;
  role: InterfaceRole;
  url: string;
}

/** A platform: one OCPI connection. */
export interface Partner {
  id: string;
  name: string;
  status: 'PENDING' | 'REGISTERED' | 'UNREGISTERED';
  suspended: boolean;
  policies: Policies;
  versions_url: string | null;
  version: string | null;
  endpoints: readonly Endpoint[];
  /** The token that we send to it, in clear, in memory alone. */
  their_token: string | null;
  parties: readonly Party[];
}

/** A partner in a log line: by its id, and by the name that people know it by. */
export interface PartnerInLog {
  partner: string;
  partner_name: string | undefined;
}

export const partnerInLog = ({ id, name }: { id: string; name: string | undefined }): PartnerInLog => ({
  partner: id,
  partner_name: name,
});

/** Automated traffic goes to it. */
export function isConnected(partner: Partner): boolean {
  return partner.status === 'REGISTERED' && !partner.suspended;
}

/** The URL, its path ending with a slash as the policy says; its query stays. */
export function withSlash(url: string, slash: TrailingSlash): string {
  if (slash === 'keep') return url;
  const at = url.indexOf('?');
  const path = (at < 0 ? url : url.slice(0, at)).replace(/\/+$/, '');
  return path + (slash === 'always' ? '/' : '') + (at < 0 ? '' : url.slice(at));
}

/** URL of a module's interface at the partner, by its policy; undefined where it does not offer it. */
export function endpointOf(partner: Partner, module: string, role: InterfaceRole): string | undefined {
  const url = partner.endpoints.find((e) => e.identifier === module && e.role === role)?.url;
  return url === undefined ? undefined : withSlash(url, partner.policies.trailing_slash);
}
