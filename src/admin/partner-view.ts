import type { Partner } from '../domain/partner';
import type { CircuitReport } from '../partners/relay-gate';

/** A partner as admins see it: everything but tokens. `relay`: its circuit in the process that answers. */
export function partnerView(partner: Partner, relay: CircuitReport): object {
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
    relay,
  };
}
