import { fail } from '../../errors';
import type { Party } from '../../domain/party';
import { keyOf } from '../../ocpi/module';
import { stringValue, valueText } from '../../domain/json/json-text';
import type { StoredObject, Decide } from '../../store/objects/types';
import { isOvertaken, STALE, touchedKeys, type Outcome, type Received } from './decide';
import { fold } from '../../domain/ci-string';
import { unknownObject } from './read';
import {
  addOvertaken,
  counterpartOf,
  deleteObject,
  mergeObject,
  takeWhole,
  textToCheck,
  TOLD_NOBODY,
  type Concerned,
  type FlatOptions,
} from './decide-flat';
import type { Incoming } from './incoming';
import type { Stores } from '../context';
import { knownOwner, namesNobody, tokenOwner } from './token-owner';
import {
  asObject,
  checkClock,
  checkEssentials,
  identity,
  validateMerged,
  validate,
  type ValidationContext,
} from './validate';

/* Pushes on objects of one level: tariffs, sessions and tokens (Receiver interfaces). */

/** What `?type=` or the object itself says. @throws Invalid where the two differ */
function typeOf(incoming: Incoming): string | undefined {
  const { typed } = incoming.module;
  if (incoming.method !== 'PUT' || !typed) return incoming.type;
  const type = asObject(incoming.body.value)[typed.member];
  const given = typeof type === 'string' ? type : undefined;
  if (incoming.type !== undefined && given !== undefined && fold(given) !== fold(incoming.type)) {
    fail({ kind: 'Invalid', message: `$.${typed.member}: must equal type of the URL` });
  }
  return given ?? incoming.type;
}

function checkPatchedType({ module, body, type }: Incoming): void {
  const given = module.typed && asObject(body.value)[module.typed.member];
  if (given === undefined || given === (type ?? module.typed?.fallback)) return;
  fail({ kind: 'Invalid', message: `$.${module.typed?.member}: must equal type of the URL` });
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
function concernedByRelay(
  stores: Stores,
  { module, relayed }: Incoming,
  text: string,
): Concerned | undefined {
  const { concerned } = module;
  if (!relayed || !concerned) return undefined;
  const value: unknown = JSON.parse(valueText(text, concerned.member) ?? 'null');
  const owner = knownOwner(stores, module, { [concerned.member]: value });
  return { receiver: relayed.receiver.number, owner: owner?.number };
}

const asReceiver = (party: Party): Concerned => ({ receiver: party.number, owner: party.number });

/** Whom a PUT concerns, where the module's objects concern one party. @throws Invalid, UnknownReceiver */
async function concernedByPut(stores: Stores, incoming: Incoming): Promise<Concerned | undefined> {
  const { module, relayed } = incoming;
  if (!module.concerned) return undefined;
  const fields = asObject(incoming.body.value);
  const owner = relayed ? knownOwner(stores, module, fields) : await tokenOwner(stores, incoming, fields);
  const receiver = relayed?.receiver ?? owner;
  return receiver ? { receiver: receiver.number, owner: owner?.number } : namesNobody(module);
}

async function put(
  stores: Stores,
  incoming: Incoming,
  validation: ValidationContext,
): Promise<Decide<Outcome>> {
  const fields = asObject(incoming.body.value);
  validate(validation, incoming.module.dto, fields);
  checkEssentials(fields, identity(incoming, false));
  const { text } = incoming.body;
  const concerned = await concernedByPut(stores, incoming);
  return (current) => takeWhole(text, optionsFor(concerned, incoming, current), current);
}

async function patch(
  stores: Stores,
  incoming: Incoming,
  validation: ValidationContext,
): Promise<Decide<Outcome>> {
  const { module, body, relayed } = incoming;
  const fields = asObject(body.value);
  checkEssentials(fields, identity(incoming, true));
  checkPatchedType(incoming);
  const owner = relayed ? undefined : await tokenOwner(stores, incoming, fields);
  const touched = touchedKeys(body.text);
  return (current) => {
    if (!current.exists || current.deleted) unknownObject(module, incoming.ids);
    const overtaken = isOvertaken(stringValue(body.text, 'last_updated'), current.last_updated, current.now);
    if (overtaken && !module.appended) return STALE;
    const text =
      overtaken && module.appended
        ? addOvertaken(current.text, body.text, module.appended)
        : mergeObject(current.text, body.text, module.appended);
    if (overtaken && text === current.text) return STALE;
    const { appended } = module;
    const toCheck = textToCheck(current.text, body.text, { appended, overtaken });
    validateMerged(validation, module.dto, { text: toCheck, touched });
    const concerned = relayed ? concernedByRelay(stores, incoming, text) : owner && asReceiver(owner);
    return takeWhole(text, optionsFor(concerned, incoming, current), current);
  };
}

const remove =
  (incoming: Incoming): Decide<Outcome> =>
  (current: StoredObject) =>
    current.exists && !current.deleted ? deleteObject(current) : unknownObject(incoming.module, incoming.ids);

async function decisionFor(
  stores: Stores,
  incoming: Incoming,
  validation: ValidationContext,
): Promise<Decide<Outcome>> {
  if (incoming.method === 'DELETE') return remove(incoming);
  return incoming.method === 'PUT' ? put(stores, incoming, validation) : patch(stores, incoming, validation);
}

/**
 * Checks and stores a push on an object of one level: a tariff, session or token.
 * @throws Invalid, UnknownObject, UnknownReceiver
 */
export async function receiveFlat(stores: Stores, incoming: Incoming): Promise<Received> {
  const { module, partner, owner, ids } = incoming;
  const id = ids[0] ?? '';
  const validation = { findings: stores.findings, partner, module: module.identifier, example_id: id };
  const decide = await decisionFor(stores, incoming, validation);
  if (incoming.method !== 'DELETE') checkClock(validation, incoming, stores.registry.now());
  const object = { module, owner: owner.number, key: keyOf(module, id, typeOf(incoming)), id };
  const wantText = incoming.method === 'PATCH';
  const { correlation_id, pulled: bulk } = incoming;
  const outcome = await stores.objects.transact(object, { wantText, bulk, correlation_id }, decide);
  return { outcome, id };
}
