import { fail, isRefusal } from '../../errors';
import type { Partner } from '../../domain/partner';
import type { Party } from '../../domain/party';
import type { Reply } from '../../ocpi/envelope';
import type { Incoming } from '../objects/incoming';
import { asObject } from '../objects/validate';
import { namesNobody, tokenOwner } from '../objects/token-owner';
import { keyOf, type OwnedModuleDescriptor } from '../../ocpi/module';
import { objectUrl } from '../../ocpi/urls';
import { versionOf } from '../../ocpi/versions';
import { proxiedLocation, receiversLocation } from './cdr-location';
import { forward, replyOf, messageTo, type Relayed, type Receiver } from './forward';
import type { HubContext } from '../context';

/*
 * A session or CDR for one receiver: relayed at once, judged by the receiver, and kept where that accepted it, visible
 * to the two alone (semantics 20a, 29, 31).
 */

/** What is to be kept, without the receiver. */
export type ToKeep = Omit<Incoming, 'relayed'>;

/**
 * Relays and keeps.
 * @param toKeep reads what was relayed; throws an OcpiFailure where it is not readable, or not the sender's own
 * @throws the hub errors
 */
export async function relayAndKeep(
  context: HubContext,
  message: { relayed: Relayed; receiver: Receiver },
  toKeep: () => ToKeep,
): Promise<Reply> {
  const { relayed, receiver } = message;
  const sent = messageTo(relayed, receiver);
  const answered = await forward(context, sent);
  if (!answered.success) return replyOf(answered);
  const incoming = readable(context, message, toKeep);
  const location_url = receiversLocation(context, answered, sent.url) ?? null;
  const [headers] = await Promise.all([
    relayed.method === 'POST' ? locationHeader(context, message, { incoming, location_url }) : {},
    incoming &&
      context.relayedObjects.keep({ ...incoming, relayed: { receiver: receiver.party, location_url } }),
  ]);
  return replyOf(answered, headers);
}

/**
 * undefined: it is not to be kept. Its receiver has accepted it, so that a fault of the hub changes no answer
 * either.
 */
function readable(
  context: HubContext,
  { relayed }: { relayed: Relayed },
  toKeep: () => ToKeep,
): ToKeep | undefined {
  try {
    return toKeep();
  } catch (error) {
    const { module, path, correlation_id } = relayed;
    const level = isRefusal(error) ? 'info' : 'error';
    context.log[level]({ err: error, module, path, correlation_id }, 'not kept');
    return undefined;
  }
}

/** The hub's URL of the receiver's CDR; where that gave none, or it cannot be stored, that of the hub's own copy. */
async function locationHeader(
  context: HubContext,
  { relayed, receiver }: { relayed: Relayed; receiver: Receiver },
  cdr: { incoming: ToKeep | undefined; location_url: string | null },
): Promise<Record<string, string>> {
  const id = cdr.incoming && asObject(cdr.incoming.body.value).id;
  const of = { version: versionOf(relayed.platform), module: relayed.module };
  const own =
    cdr.incoming && typeof id === 'string'
      ? objectUrl(context.config.publicUrl, of, { owner: cdr.incoming.owner, id })
      : undefined;
  const handedOut =
    cdr.location_url &&
    (await proxiedLocation(context, { relayed, receiver, url: cdr.location_url }).catch((error: unknown) => {
      context.log.warn({ err: error }, 'the Location of a relayed CDR was not stored');
      return undefined;
    }));
  const Location = handedOut || own;
  return Location === undefined ? {} : { Location };
}

/** Whom a session or CDR without OCPI-to concerns: its cdr_token's owner; of a PATCH that of the stored object. */
export async function concernedParty(
  context: HubContext,
  push: {
    partner: Partner;
    module: OwnedModuleDescriptor;
    method: string;
    owner: Party | undefined;
    ids: readonly string[];
    body: unknown;
  },
): Promise<Party> {
  const { module, method, owner, ids } = push;
  const id = ids[0] ?? '';
  if (method === 'PATCH' && owner) {
    const key = keyOf(module, id, undefined);
    const stored = await context.objects.read({ module, owner: owner.number, key });
    const party = stored && stored.counterpart !== null && context.registry.partyByNumber(stored.counterpart);
    return party || fail({ kind: 'UnknownReceiver', party: `of ${module.names ?? module.identifier} ${id}` });
  }
  const party = await tokenOwner(context, push, asObject(push.body));
  return party ?? namesNobody(module);
}
