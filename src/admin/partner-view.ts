import type { Context } from '../context';
import type { Partner } from '../domain/partner';
import { contactsOf, type ContactReport } from '../hub/admin/partners';

/** Partners as admins see them: everything but tokens. `relay`: the circuit in the process that answers. */
export async function partnerViews(context: Context, partners: readonly Partner[]): Promise<object[]> {
  const contacts = await contactsOf(
    context,
    partners.map((partner) => partner.id),
  );
  return partners.map((partner) => ({
    ...viewOf(partner, contacts.get(partner.id)),
    relay: context.gate.report(partner.id),
  }));
}

export async function partnerView(context: Context, partner: Partner): Promise<object | undefined> {
  return (await partnerViews(context, [partner]))[0];
}

function viewOf(partner: Partner, contact: ContactReport | undefined): object {
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
    last_heard: contact?.last_heard ?? null,
    last_success: contact?.last_success ?? null,
    last_error: contact?.last_error ?? null,
    last_error_at: contact?.last_error_at ?? null,
  };
}
