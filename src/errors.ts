import type { Partner } from './domain/partner';
import type { PartyId } from './domain/party';

/**
 * What can go wrong towards a partner, as a closed union with data. The OCPI front door answers each of them by
 * one complete table (server/error-replies.ts); a missing row does not compile.
 */
export type OcpiError =
  /** `partner`: whose token it is or was, where that is known. */
  | { kind: 'Unauthorized'; reason: string; partner?: Partner }
  /** `goesOn`: the pattern of a path below it that is served. */
  | { kind: 'UnknownPath'; path: string; goesOn?: string | undefined }
  /** A URL of the hub that this platform did not get, or that has expired. */
  | { kind: 'UnknownHandOut'; what: string }
  | { kind: 'MethodNotAllowed'; method: string; allow: readonly string[] }
  | { kind: 'NotJson'; reason: string }
  | { kind: 'BodyTooLarge'; limit: number }
  | { kind: 'UnsupportedEncoding'; encoding: string }
  | { kind: 'TooManyBytes' }
  | { kind: 'TooManyRequests' }
  | { kind: 'Invalid'; message: string }
  | { kind: 'ForeignParty'; party: string }
  /** As its module names it. `named`: not by the URL, but by what a request holds. */
  | { kind: 'UnknownObject'; status_code: number; what: string; id: string; named?: boolean }
  | { kind: 'NotRegistered' }
  | { kind: 'AlreadyRegistered' }
  | { kind: 'ClientApiUnusable'; reason: string }
  | { kind: 'UnsupportedVersion'; version: string }
  | { kind: 'MissingEndpoints'; missing: string }
  | { kind: 'HandshakeOvertaken' }
  | { kind: 'HubFault' }
  | { kind: 'Unroutable'; reason: string }
  | { kind: 'UnknownReceiver'; party: string }
  /** The candidates are parties that the sender may see. */
  | { kind: 'SeveralReceivers'; subject: string; candidates: readonly string[] }
  | { kind: 'ReceiverTimeout'; party: string }
  | { kind: 'ReceiverNotConnected'; party: string; reason: string };

/** Who answers and who is answered, as far as it is known: the routing headers of an answer (semantics 20). */
export interface AnswerSides {
  from?: PartyId | undefined;
  to?: PartyId | undefined;
}

/** Carries an OcpiError through async code up to the front door. */
export class OcpiFailure extends Error {
  constructor(
    readonly error: OcpiError,
    readonly sides: AnswerSides = {},
  ) {
    super(error.kind);
  }
}

/**
 * Does work whose answer has these sides: they are known only now, and count for the answer and for what fails.
 * @throws what the work throws; an OcpiFailure with the sides
 */
export async function answeredBy<T extends object>(
  sides: AnswerSides,
  work: () => Promise<T>,
): Promise<T & { sides: AnswerSides }> {
  try {
    return { ...(await work()), sides };
  } catch (error) {
    throw error instanceof OcpiFailure ? new OcpiFailure(error.error, sides) : error;
  }
}

/** Is it about what was sent, not a fault of the hub? */
export function isRefusal(error: unknown): boolean {
  return error instanceof OcpiFailure && error.error.kind !== 'HubFault';
}

/** Is it that failure? */
export const isFailure = (error: unknown, kind: OcpiError['kind']): boolean =>
  error instanceof OcpiFailure && error.error.kind === kind;

/** Throws the error: for use in expressions. */
export function fail(error: OcpiError): never {
  throw new OcpiFailure(error);
}

/** What can go wrong on the admin API; answered as RFC 9457 problem details. */
export type AdminError =
  | { kind: 'AdminUnauthorized'; token: 'missing' | 'wrong' }
  | { kind: 'AdminNotFound'; what: string }
  | { kind: 'AdminMethodNotAllowed'; allow: readonly string[] }
  | { kind: 'AdminInvalid'; errors: readonly { field: string; rule: string }[] }
  | { kind: 'AdminConflict'; detail: string }
  | { kind: 'HandshakeFailed'; detail: string };

export class AdminFailure extends Error {
  constructor(readonly error: AdminError) {
    super(error.kind);
  }
}
