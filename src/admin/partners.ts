import { Router } from 'express';
import * as hub from '../hub/admin/partners';
import type { Context } from '../context';
import { startHandshake } from '../hub/credentials/start';
import { correlationId } from './correlation-id';
import { allowOnly, withoutBody } from './methods';
import { readInvitation, readNewPartner, readPolicies } from './partner-input';
import { syncRoutes, pullRoutes } from './sync';
import type { Partner } from '../domain/partner';
import { contactsOf, type ContactReport } from '../hub/admin/partners';

/** /partners: made, listed and shown, suspended and resumed, changed and removed. */
export function partnersRouter(context: Context): Router {
  const router = Router();
  collection(router, context);
  single(router, context);
  actions(router, context);
  parties(router, context);
  pullRoutes(router, context);
  syncRoutes(router, context);
  return router;
}

function collection(router: Router, context: Context): void {
  router
    .route('/')
    .get(async (_request, response) => {
      response.json({ items: await partnerViews(context, await hub.listPartners(context)) });
    })
    .post(async (request, response) => {
      response.status(201).json(await hub.createPartner(context, readNewPartner(request.body)));
    })
    .all(allowOnly('GET', 'POST'));
}

function single(router: Router, context: Context): void {
  router
    .route('/:id')
    .get(async (request, response) => {
      response.json(await partnerView(context, await hub.findPartner(context, request.params.id)));
    })
    .patch(async (request, response) => {
      const change = { policies: readPolicies(request.body), correlationId: correlationId(request) };
      response.json(await partnerView(context, await hub.changePolicies(context, request.params.id, change)));
    })
    .delete(async (request, response) => {
      await hub.deletePartner(context, request.params.id, correlationId(request));
      response.status(204).end();
    })
    .all(allowOnly('GET', 'PATCH', 'DELETE'));
}

function actions(router: Router, context: Context): void {
  const refusal = (url: string): string | undefined => context.partnerClient.refusalOf(url);
  router.route('/:id/register').post(async (request, response) => {
    const { id: partnerId } = request.params;
    const invitation = readInvitation(request.body, refusal);
    await startHandshake(context, { partnerId, ...invitation, correlationId: correlationId(request) });
    response.json(await partnerView(context, await hub.findPartner(context, partnerId)));
  });
  router.route('/:id/token_a').post(withoutBody, async (request, response) => {
    response.status(201).json(await hub.renewTokenA(context, request.params.id));
  });
  router.route('/:id/suspend').post(withoutBody, async (request, response) => {
    response.json(await partnerView(context, await hub.suspendPartner(context, request.params.id)));
  });
  router.route('/:id/resume').post(withoutBody, async (request, response) => {
    response.json(
      await partnerView(context, await hub.resumePartner(context, request.params.id, correlationId(request))),
    );
  });
  for (const action of ['register', 'token_a', 'suspend', 'resume'])
    router.all(`/:id/${action}`, allowOnly('POST'));
}

function parties(router: Router, context: Context): void {
  router
    .route('/:id/parties/:country_code/:party_id')
    .delete(async (request, response) => {
      const { id, country_code, party_id } = request.params;
      await hub.releaseParty(context, id, { country_code, party_id });
      response.status(204).end();
    })
    .all(allowOnly('DELETE'));
  router
    .route('/:id/findings')
    .get(async (request, response) => {
      const { id } = await hub.findPartner(context, request.params.id);
      response.json({ items: await context.findings.list(id) });
    })
    .all(allowOnly('GET'));
}

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
