import { fail } from '../../errors';
import { partyNamed, partyWords, type Party } from '../../domain/party';
import type { DtoClass } from '../../ocpi/check';
import { Session } from '../../ocpi/v2_2_1/sessions/dto';
import { Tariff } from '../../ocpi/v2_2_1/tariffs/dto';
import { Token } from '../../ocpi/v2_2_1/tokens/dto';
import { mergePatch } from '../../domain/json/merge-patch';
import { stringValue, valueText } from '../../domain/json/json-text';
import type { StoredObject, Decide } from '../../store/objects/types';
import { fold, isOlder, STALE, touchedKeys, type Outcome } from './decide';
import { unknownObject } from './read';
import {
  counterpartOf,
  deleteTariff,
  mergeSession,
  takeWhole,
  TOLD_NOBODY,
  type Concerned,
  type FlatOptions,
} from './decide-flat';
import type { Incoming } from './incoming';
import type { Stores } from '../context';
import {
  asObject,
  checkEssentials,
  identity,
  validateMerged,
  validate,
  type ValidationContext,
} from './validate';

/* Pushes on tariffs, sessions and tokens (mod_tariffs, mod_sessions, mod_tokens, Receiver interfaces). */

const DTOS: Partial<Record<Incoming['module'], DtoClass>> = {
  tariffs: Tariff,
  sessions: Session,
  tokens: Token,
};

const dtoOf = (incoming: Incoming): DtoClass => DTOS[incoming.module] ?? fail({ kind: 'HubFault' });

/** Tokens are told apart by uid and type, RFID where none is named (HUB-SEMANTICS 41). */
export function tokenKey(uid: string, type: string | undefined): string {
  return `${fold(type ?? 'RFID')}/${fold(uid)}`;
}

function tokenType(incoming: Incoming): string | undefined {
  if (incoming.method !== 'PUT') return incoming.type;
  const type = asObject(incoming.body.value).type;
  const given = typeof type === 'string' ? type : undefined;
  if (incoming.type !== undefined && given !== undefined && fold(given) !== fold(incoming.type)) {
    fail({ kind: 'Invalid', message: '$.type: must equal type of the URL' });
  }
  return given ?? incoming.type;
}

function checkPatchedType(incoming: Incoming): void {
  const type = asObject(incoming.body.value).type;
  if (incoming.module !== 'tokens' || type === undefined) return;
  if (type !== (incoming.type ?? 'RFID'))
    fail({ kind: 'Invalid', message: '$.type: must equal type of the URL' });
}

/**
 * The party that owns the cdr_token of a session or CDR; undefined where the fields name none. @throws
 * UnknownReceiver
 */
export async function tokenOwner(
  stores: Stores,
  fields: Record<string, unknown>,
): Promise<Party | undefined> {
  const named = partyNamed(fields.cdr_token);
  if (!named) return undefined;
  const party = await stores.registry.findParty(named);
  return party ?? fail({ kind: 'UnknownReceiver', party: partyWords(named) });
}

/** The same of what was relayed: its receiver judged it, and nobody need own its cdr_token here. */
export function knownOwner(stores: Stores, fields: Record<string, unknown>): Party | undefined {
  const named = partyNamed(fields.cdr_token);
  return named && stores.registry.party(named);
}

/** Who sees it, and whether anybody is told: of the push on a session, and on what is stored so far. */
function optionsFor(
  concerned: Concerned | undefined,
  incoming: Incoming,
  current: StoredObject,
): FlatOptions {
  return {
    ...(concerned ? { counterpart: counterpartOf(concerned, current) } : {}),
    ...(incoming.relayed ? TOLD_NOBODY : {}),
  };
}

/** Of a PATCH that was relayed: by the cdr_token that it leaves. */
function concernedByRelay(stores: Stores, receiver: Party, text: string): Concerned {
  const cdr_token: unknown = JSON.parse(valueText(text, 'cdr_token') ?? 'null');
  return { receiver: receiver.number, owner: knownOwner(stores, { cdr_token })?.number };
}

const asReceiver = (party: Party): Concerned => ({ receiver: party.number, owner: party.number });

async function put(
  stores: Stores,
  incoming: Incoming,
  validation: ValidationContext,
): Promise<Decide<Outcome>> {
  const fields = asObject(incoming.body.value);
  validate(validation, dtoOf(incoming), fields);
  checkEssentials(fields, identity(incoming, false));
  if (incoming.module !== 'sessions') return (current) => takeWhole(incoming.body.text, {}, current);
  const { text } = incoming.body;
  const owner = incoming.relayed ? knownOwner(stores, fields) : await tokenOwner(stores, fields);
  const receiver = incoming.relayed?.receiver ?? owner;
  if (!receiver)
    return fail({ kind: 'Invalid', message: '$.cdr_token: must name the party that owns the token' });
  const concerned = { receiver: receiver.number, owner: owner?.number };
  return (current) => takeWhole(text, optionsFor(concerned, incoming, current), current);
}

async function patch(
  stores: Stores,
  incoming: Incoming,
  validation: ValidationContext,
): Promise<Decide<Outcome>> {
  const fields = asObject(incoming.body.value);
  checkEssentials(fields, identity(incoming, true));
  checkPatchedType(incoming);
  const isSession = incoming.module === 'sessions';
  const receiver = incoming.relayed?.receiver;
  const owner = isSession && !receiver ? await tokenOwner(stores, fields) : undefined;
  const touched = touchedKeys(incoming.body.text);
  const merge = isSession ? mergeSession : mergePatch;
  return (current) => {
    if (!current.exists || current.deleted) unknownObject(incoming.module, incoming.ids);
    if (isOlder(stringValue(incoming.body.text, 'last_updated'), current.last_updated)) return STALE;
    const text = merge(current.text, incoming.body.text);
    validateMerged(validation, dtoOf(incoming), { text, touched });
    const concerned = receiver ? concernedByRelay(stores, receiver, text) : owner && asReceiver(owner);
    return takeWhole(text, optionsFor(concerned, incoming, current), current);
  };
}

const remove =
  (incoming: Incoming): Decide<Outcome> =>
  (current: StoredObject) =>
    current.exists && !current.deleted ? deleteTariff(current) : unknownObject(incoming.module, incoming.ids);

async function decisionFor(
  stores: Stores,
  incoming: Incoming,
  validation: ValidationContext,
): Promise<Decide<Outcome>> {
  if (incoming.method === 'DELETE') return remove(incoming);
  return incoming.method === 'PUT' ? put(stores, incoming, validation) : patch(stores, incoming, validation);
}

/**
 * Checks and stores a push on a tariff, session or token.
 * @throws Invalid, UnknownToken, UnknownObject, UnknownReceiver
 */
export async function receiveFlat(stores: Stores, incoming: Incoming): Promise<Outcome> {
  const { module, partner, owner, ids } = incoming;
  const id = ids[0] ?? '';
  const validation = { findings: stores.findings, partner, module, example_id: id };
  const decide = await decisionFor(stores, incoming, validation);
  const key = module === 'tokens' ? tokenKey(id, tokenType(incoming)) : fold(id);
  const object = { module, owner: owner.number, key, id };
  const options = { wantText: incoming.method === 'PATCH', bulk: incoming.pulled };
  return stores.objects.transact(object, { ...options, correlation_id: incoming.correlation_id }, decide);
}
