import { fail } from '../../errors';
import type { Endpoint } from '../../domain/partner';
import { announceParties } from '../../store/full-push';
import { askAgainFor } from '../../store/pull/wanted-parties';
import { PartyTaken, placeParties, connectedParties } from '../../store/registry/parties';
import { storeConnection, type RegistrationState } from '../../store/registry/registrations';
import type { Transaction } from '../../store/registry/types';
import type { Vault } from '../../store/vault';
import type { CredentialsContent } from '../../ocpi/version';
import type { Discovery } from './discover';

/** What a handshake found out, ready to be stored. */
export interface Outcome {
  partnerId: string;
  credentials: CredentialsContent;
  discovery: Discovery;
  correlationId: string;
}

/**
 * Stores a finished handshake but for the tokens: the connection and the parties; who becomes visible is announced.
 * @throws Invalid if a party was taken by another platform meanwhile.
 */
export async function settle(
  client: Transaction,
  before: RegistrationState,
  { outcome, vault }: { outcome: Outcome; vault: Vault },
): Promise<void> {
  const { partnerId, credentials, discovery } = outcome;
  const { endpoints } = discovery;
  const version = discovery.version.number;
  const their_token = vault.encrypt(credentials.token);
  await storeConnection(client, partnerId, {
    versions_url: credentials.url,
    version,
    endpoints,
    their_token,
  });
  const anew = await place(client, { partnerId, suspended: before.suspended }, credentials);
  const numbers = receivesMore(before.endpoints, endpoints)
    ? await connectedParties(client, partnerId)
    : anew;
  await announceParties(client, numbers, outcome.correlationId);
  await askAgainFor(client, anew);
}

async function place(
  client: Transaction,
  owner: { partnerId: string; suspended: boolean },
  { roles }: CredentialsContent,
): Promise<number[]> {
  try {
    return await placeParties(client, owner, roles);
  } catch (error) {
    if (!(error instanceof PartyTaken)) throw error;
    return fail({ kind: 'Invalid', message: error.message });
  }
}

/** A module that it receives now and did not before: what it missed is to be pushed. */
function receivesMore(before: readonly Endpoint[], now: readonly Endpoint[]): boolean {
  const had = new Set(before.filter((e) => e.role === 'RECEIVER').map((e) => e.identifier));
  return now.some((e) => e.role === 'RECEIVER' && !had.has(e.identifier));
}
