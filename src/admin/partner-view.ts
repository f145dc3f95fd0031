import type { Partner } from '../domain/partner';

/** A partner as admins see it: everything but tokens. */
export function partnerView(partner: Partner): object {
  const { id, name, status, suspended, policies, versions_url, version, endpoints, parties } = partner;
  return {
    id,
    name,
    state: suspended ? 'SUSPENDED' : status,
    policies,
    version,
    versions_url,
    endpoints,
    parties: parties.map(({ country_code, party_id, roles, status: state }) => ({
      country_code,
      party_id,
      roles,
      status: state,
    })),
  };
}
