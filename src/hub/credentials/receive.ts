import { partnerInLog } from '../../domain/partner';
import { targetOf } from '../../partners/partner-client';
import type { Transaction } from '../../store/registry/types';
import type { HubContext } from '../context';
import { fail } from '../../errors';
import type { Version } from '../../ocpi/version';
import type { Caller, TokenKind } from '../../store/registry/registry';
import { suspendParties } from '../../store/registry/parties';
import {
  clearConnection,
  lockRegistration,
  type RegistrationState,
} from '../../store/registry/registrations';
import { dropTokens, issueToken, kindOfToken, limitTokenA, supersede } from '../../store/registry/tokens';
import { readCredentials, refuseForeignParties, ownCredentials } from './credentials';
import { discover, DiscoveryFailed, type Discovery, type DiscoveryFault } from './discover';
import { settle, type Outcome } from './settle';

/** A call on the credentials endpoint. */
export interface CredentialsCall {
  caller: Caller;
  /** Of the endpoint that was called. */
  version: Version;
  correlationId: string;
  /** Reads the body; only asked for once the call is allowed. */
  body(): Promise<unknown>;
}

/**
 * POST: registers a platform (spec: credentials; semantics 13, 14, 17). Its API is fetched first, then everything
 * is stored at once; whatever fails changes nothing, and token A lives on.
 * @throws AlreadyRegistered, Invalid, ClientApiUnusable, UnsupportedVersion, MissingEndpoints, HandshakeOvertaken
 */
export async function receiveRegistration(context: HubContext, call: CredentialsCall): Promise<object> {
  if (call.caller.kind !== 'A') fail({ kind: 'AlreadyRegistered' });
  return handshake(context, call, {
    kinds: ['A'],
    replaceTokens: replaceAtRegistration,
    done: 'partner registered',
  });
}

/**
 * PUT: fetches the platform's API anew, stores what it sends and gives it a new token (semantics 15).
 * @throws NotRegistered, and what receiveRegistration throws.
 */
export async function receiveUpdate(context: HubContext, call: CredentialsCall): Promise<object> {
  if (call.caller.kind === 'A') fail({ kind: 'NotRegistered' });
  return handshake(context, call, {
    kinds: ['C', 'SUPERSEDED'],
    replaceTokens: replaceAtUpdate,
    done: 'partner rotated its credentials',
  });
}

/** DELETE: the platform is registered no longer; its parties are SUSPENDED, its token dies (semantics 16). */
export async function unregister(
  context: HubContext,
  { caller }: Pick<CredentialsCall, 'caller'>,
): Promise<void> {
  if (caller.kind !== 'C') fail({ kind: 'NotRegistered' });
  const { partner } = caller;
  const { id } = partner;
  await context.registry.write(async ({ client }) => {
    await lock(client, { partnerId: id, presented: context.vault.hash(caller.token), kinds: ['C'] });
    await clearConnection(client, id);
    await suspendParties(client, id);
    await dropTokens(client, id, { fate: 'unregistered' });
  });
  context.log.info(partnerInLog(partner), 'partner unregistered');
}

type ReplaceTokens = (client: Transaction, partnerId: string, presented: Buffer) => Promise<void>;

interface Manner {
  kinds: readonly TokenKind[];
  replaceTokens: ReplaceTokens;
  /** What the log says of one that succeeded. */
  done: string;
}

/** Until the new token is used, token A can start over: a lost answer locks nobody out. */
const replaceAtRegistration: ReplaceTokens = async (client, partnerId) => {
  await dropTokens(client, partnerId, { keep: ['A'], fate: 'replaced' });
  await limitTokenA(client, partnerId);
};

/** Until the new token is used, the old one can PUT again: a lost answer locks nobody out. */
const replaceAtUpdate: ReplaceTokens = async (client, partnerId, presented) => {
  await supersede(client, presented);
  await dropTokens(client, partnerId, { keep: ['SUPERSEDED'], fate: 'replaced' });
};

async function handshake(context: HubContext, call: CredentialsCall, manner: Manner): Promise<object> {
  const { partner } = call.caller;
  const started = await context.registry.registrationState(partner.id);
  const credentials = readCredentials(context, { partner, version: call.version }, await call.body());
  await refuseForeignParties(context, partner, credentials.roles);
  const discovery = await discoverClient(context, call, credentials);
  const outcome = { partnerId: partner.id, credentials, discovery, correlationId: call.correlationId };
  const token = await store(context, { call, manner, outcome, expected: started?.registration });
  context.log.info({ ...partnerInLog(partner), correlation_id: call.correlationId }, manner.done);
  return ownCredentials(context, call.version, token);
}

async function discoverClient(
  context: HubContext,
  call: CredentialsCall,
  credentials: { url: string; token: string },
): Promise<Discovery> {
  const target = targetOf(call.caller.partner, credentials.token);
  const { version, correlationId } = call;
  try {
    return await discover(context.partnerClient, target, {
      versionsUrl: credentials.url,
      versions: [version],
      validation: call.caller.partner.policies.validation,
      correlationId,
    });
  } catch (error) {
    if (error instanceof DiscoveryFailed) return refuse(error.fault);
    throw error;
  }
}

function refuse(fault: DiscoveryFault): never {
  switch (fault.kind) {
    case 'unusable':
      return fail({ kind: 'ClientApiUnusable', reason: fault.reason });
    case 'version':
      return fail({ kind: 'UnsupportedVersion', version: fault.wanted });
    case 'missing':
      return fail({ kind: 'MissingEndpoints', missing: fault.missing });
  }
}

interface Ending {
  call: CredentialsCall;
  manner: Manner;
  outcome: Outcome;
  expected: number | undefined;
}

/** One transaction; the token that it answers with is the one that was committed. */
async function store(context: HubContext, { call, manner, outcome, expected }: Ending): Promise<string> {
  const { vault } = context;
  const { partnerId } = outcome;
  const presented = vault.hash(call.caller.token);
  const token = vault.newToken();
  await context.registry.write(async ({ client }) => {
    const before = await lock(client, { partnerId, presented, kinds: manner.kinds });
    if (before.registration !== expected) fail({ kind: 'HandshakeOvertaken' });
    await manner.replaceTokens(client, partnerId, presented);
    await issueToken(client, { partnerId, kind: 'C', hash: vault.hash(token) });
    await settle(client, before, { outcome, vault });
  });
  return token;
}

/** The partner's row, for this transaction alone, if the token that the call came with has not died meanwhile. */
async function lock(
  client: Transaction,
  held: { partnerId: string; presented: Buffer; kinds: readonly TokenKind[] },
): Promise<RegistrationState> {
  const state = await lockRegistration(client, held.partnerId);
  const kind = await kindOfToken(client, held.partnerId, held.presented);
  if (!state || kind === undefined || !held.kinds.includes(kind)) {
    return fail({ kind: 'Unauthorized', reason: 'this credentials token has died meanwhile' });
  }
  return state;
}
