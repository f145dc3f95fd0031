import { Field, nested } from '../../check/field';
import { DisplayText } from '../types/classes';
import { neededWith } from '../types/rules';
import * as t from '../types/scalars';
import { Token } from '../types/token';

/* mod_commands, Object description and Data types. */

const RESPONSE_TYPES = ['NOT_SUPPORTED', 'REJECTED', 'ACCEPTED', 'UNKNOWN_SESSION'];
const RESULT_TYPES = [
  ...['ACCEPTED', 'CANCELED_RESERVATION', 'EVSE_OCCUPIED', 'EVSE_INOPERATIVE', 'FAILED'],
  ...['NOT_SUPPORTED', 'REJECTED', 'TIMEOUT', 'UNKNOWN_RESERVATION'],
];

export class CancelReservation {
  @Field(t.url, '1') response_url!: unknown;
  @Field(t.ciString(36), '1') reservation_id!: unknown;
}

export class ReserveNow {
  @Field(t.url, '1') response_url!: unknown;
  @Field(nested(() => Token), '1') token!: unknown;
  @Field(t.dateTime, '1') expiry_date!: unknown;
  @Field(t.ciString(36), '1') reservation_id!: unknown;
  @Field(t.ciString(36), '1') location_id!: unknown;
  @Field(t.ciString(36), '?') evse_uid!: unknown;
  @Field(t.ciString(36), '?') authorization_reference!: unknown;
}

@neededWith('evse_uid', 'connector_id')
export class StartSession {
  @Field(t.url, '1') response_url!: unknown;
  @Field(nested(() => Token), '1') token!: unknown;
  @Field(t.ciString(36), '1') location_id!: unknown;
  @Field(t.ciString(36), '?') evse_uid!: unknown;
  @Field(t.ciString(36), '?') connector_id!: unknown;
  @Field(t.ciString(36), '?') authorization_reference!: unknown;
}

export class StopSession {
  @Field(t.url, '1') response_url!: unknown;
  @Field(t.ciString(36), '1') session_id!: unknown;
}

export class UnlockConnector {
  @Field(t.url, '1') response_url!: unknown;
  @Field(t.ciString(36), '1') location_id!: unknown;
  @Field(t.ciString(36), '1') evse_uid!: unknown;
  @Field(t.ciString(36), '1') connector_id!: unknown;
}

export class CommandResponse {
  @Field(t.oneOf(RESPONSE_TYPES), '1') result!: unknown;
  @Field(t.int(), '1') timeout!: unknown;
  @Field(nested(() => DisplayText), '*') message!: unknown;
}

export class CommandResult {
  @Field(t.oneOf(RESULT_TYPES), '1') result!: unknown;
  @Field(nested(() => DisplayText), '*') message!: unknown;
}
