import type { HubContext } from '../context';
import { AdminFailure, OcpiFailure, type AdminError } from '../../errors';
import { partnerInLog, withSlash, type Partner } from '../../domain/partner';
import type { CredentialsContent } from '../../ocpi/version';
import { versions } from '../../ocpi/versions';
import { describeAnswer, targetOf, type Answer, type Target } from '../../partners/partner-client';
import { lockRegistration } from '../../store/registry/registrations';
import { dropToken, dropTokens, issueToken, limitTokenA, promoteTokenB } from '../../store/registry/tokens';
import { readCredentials, refuseForeignParties, ownCredentials } from './credentials';
import { discover, DiscoveryFailed, type Discovery, type DiscoveryFault } from './discover';
import { withoutTokens } from '../../partners/without-token';
import { settle } from './settle';

/** What an admin got from the partner by another way. */
export interface Invitation {
  partnerId: string;
  versionsUrl: string;
  tokenA: string;
  correlationId: string;
}

/**
 * The hub starts the handshake (semantics 18, 18a, 19) and resolves when it has succeeded. Our token B works for
 * versions and details from before it is sent. What fails changes nothing here; a partner that has registered us
 * already is told by DELETE.
 * @throws AdminFailure: AdminNotFound, AdminConflict (registered already), HandshakeFailed with the reason.
 */
export async function startHandshake(context: HubContext, invitation: Invitation): Promise<void> {
  const { partner, registration } = await unregistered(context, invitation.partnerId);
  try {
    await register(context, { partner, registration, invitation });
  } catch (error) {
    throw traced(context, { partner, correlation_id: invitation.correlationId }, asAdminFailure(error));
  }
  context.log.info(
    { ...partnerInLog(partner), correlation_id: invitation.correlationId },
    'registered at partner',
  );
}

/** What the partner did not want, or has wrong, stays to be seen. */
function traced(
  { refusals }: HubContext,
  of: { partner: Partner; correlation_id: string },
  error: unknown,
): unknown {
  if (error instanceof AdminFailure && error.error.kind === 'HandshakeFailed')
    refusals.note({ ...of, kind: 'handshake', reason: error.error.detail });
  return error;
}

async function register(
  context: HubContext,
  { partner, registration, invitation }: Pick<Attempt, 'partner' | 'registration' | 'invitation'>,
): Promise<void> {
  const target = targetOf(partner, invitation.tokenA);
  const discovery = await discoverPartner(context, { target, partner }, invitation);
  const tokenB = context.vault.newToken();
  const attempt: Attempt = { invitation, partner, registration, target, discovery, tokenB };
  await announceTokenB(context, attempt);
  try {
    await exchangeCredentials(context, attempt);
  } catch (error) {
    await context.registry.write(({ client }) => dropToken(client, context.vault.hash(tokenB)));
    throw error;
  }
}

interface Attempt {
  invitation: Invitation;
  partner: Partner;
  /** Number of handshakes before this one. */
  registration: number;
  target: Target;
  discovery: Discovery;
  tokenB: string;
}

function refuse(error: AdminError): never {
  throw new AdminFailure(error);
}

const OVERTAKEN: AdminError = {
  kind: 'AdminConflict',
  detail: 'another handshake of this partner ended first',
};

async function unregistered(
  context: HubContext,
  id: string,
): Promise<{ partner: Partner; registration: number }> {
  const partner = await context.registry.findPartner(id);
  const state = partner && (await context.registry.registrationState(id));
  if (!state) return refuse({ kind: 'AdminNotFound', what: 'partner' });
  if (state.status === 'REGISTERED') {
    return refuse({
      kind: 'AdminConflict',
      detail: 'the partner is registered already: it must unregister first',
    });
  }
  return { partner, registration: state.registration };
}

async function discoverPartner(
  context: HubContext,
  { target, partner }: { target: Target; partner: Partner },
  invitation: Invitation,
): Promise<Discovery> {
  const { versionsUrl, correlationId } = invitation;
  const { validation } = partner.policies;
  return discover(context.partnerClient, target, { versionsUrl, versions, validation, correlationId });
}

async function announceTokenB(
  context: HubContext,
  { partner, registration, tokenB }: Attempt,
): Promise<void> {
  const token = { partnerId: partner.id, kind: 'B' as const, hash: context.vault.hash(tokenB) };
  await context.registry.write(async ({ client }) => {
    const state = await lockRegistration(client, partner.id);
    if (state?.registration !== registration) refuse(OVERTAKEN);
    await issueToken(client, token);
  });
}

async function exchangeCredentials(context: HubContext, attempt: Attempt): Promise<void> {
  const { partner, discovery } = attempt;
  const data = await postCredentials(context, attempt);
  try {
    const credentials = readCredentials(context, { partner, version: discovery.version }, data);
    await refuseForeignParties(context, partner, credentials.roles);
    await store(context, attempt, credentials);
  } catch (error) {
    await withdraw(context, attempt, data);
    throw error;
  }
}

async function postCredentials(context: HubContext, attempt: Attempt): Promise<unknown> {
  const answer = await context.partnerClient.ask(attempt.target, {
    method: 'POST',
    url: credentialsUrl(attempt),
    body: JSON.stringify(ownCredentials(context, attempt.discovery.version, attempt.tokenB)),
    correlationId: attempt.invitation.correlationId,
  });
  if (answer.kind === 'ocpi' && answer.success) return answer.data;
  const words = withoutTokens(wordsIn(answer), [attempt.tokenB, attempt.target.token]);
  return refuse({ kind: 'HandshakeFailed', detail: `POST credentials was refused: ${words}` });
}

/** With what a partner says in place of an envelope, where it names what it wants. */
function wordsIn(answer: Answer): string {
  const own = answer.kind === 'not_ocpi' && answer.words !== '' ? `: ${answer.words}` : '';
  return describeAnswer(answer) + own;
}

function credentialsUrl({ partner, discovery }: Attempt): string {
  const { version, endpoints } = discovery;
  const url = endpoints.find((e) => e.identifier === version.credentials.identifier)?.url ?? '';
  return withSlash(url, partner.policies.trailing_slash);
}

async function store(context: HubContext, attempt: Attempt, credentials: CredentialsContent): Promise<void> {
  const { partner, registration, discovery, invitation, tokenB } = attempt;
  const { vault } = context;
  const outcome = { partnerId: partner.id, credentials, discovery, correlationId: invitation.correlationId };
  await context.registry.write(async ({ client }) => {
    const before = await lockRegistration(client, partner.id);
    if (before?.registration !== registration) return refuse(OVERTAKEN);
    if (!(await promoteTokenB(client, vault.hash(tokenB)))) refuse(OVERTAKEN);
    await dropTokens(client, partner.id, { keep: ['A', 'C'], fate: 'replaced' });
    await limitTokenA(client, partner.id);
    return settle(client, before, { outcome, vault });
  });
}

/** The partner holds us for registered and we do not: it is told, if it can be. */
async function withdraw(context: HubContext, attempt: Attempt, data: unknown): Promise<void> {
  const token = typeof data === 'object' && data !== null && 'token' in data ? data.token : undefined;
  if (typeof token !== 'string' || token === '') return;
  const answer = await context.partnerClient.ask(
    { ...attempt.target, token },
    {
      method: 'DELETE',
      url: credentialsUrl(attempt),
      correlationId: attempt.invitation.correlationId,
    },
  );
  const { correlationId: correlation_id } = attempt.invitation;
  const fields = { ...partnerInLog(attempt.partner), answer: describeAnswer(answer), correlation_id };
  if (answer.kind === 'ocpi' && answer.success) context.log.info(fields, 'handshake withdrawn');
  else
    context.log.warn(fields, 'handshake could not be withdrawn: the partner may hold the hub for registered');
}

/** In the words of an admin. */
function asAdminFailure(error: unknown): unknown {
  if (error instanceof DiscoveryFailed)
    return new AdminFailure({ kind: 'HandshakeFailed', detail: wordsOf(error.fault) });
  if (!(error instanceof OcpiFailure) || error.error.kind !== 'Invalid') return error;
  const detail = `the partner's answer to POST credentials: ${error.error.message}`;
  return new AdminFailure({ kind: 'HandshakeFailed', detail });
}

function wordsOf(fault: DiscoveryFault): string {
  switch (fault.kind) {
    case 'unusable':
      return fault.reason;
    case 'version':
      return `the partner does not offer a version that the hub supports (${fault.wanted})`;
    case 'missing':
      return `version details: ${fault.missing}`;
  }
}
