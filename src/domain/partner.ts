import type { Party } from './party';

export type Validation = 'strict' | 'lenient';
export type TokenEncoding = 'base64' | 'plain';
export type Broadcast = 'party' | 'platform';

/** An admin's decisions about one partner (PATCH /admin/api/partners/:id). */
export interface Policies {
  validation: Validation;
  token_encoding: TokenEncoding;
  broadcast: Broadcast;
  authorize_unknown_tokens: boolean;
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

/** URL of a module's interface at the partner; undefined where it does not offer it. */
export function endpointOf(partner: Partner, module: string, role: InterfaceRole): string | undefined {
  return partner.endpoints.find((e) => e.identifier === module && e.role === role)?.url;
}
