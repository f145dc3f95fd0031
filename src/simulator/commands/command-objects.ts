import { asText, isObject, type Json } from '../json';

/** The commands of mod_commands, CommandType. */
export const COMMANDS = [
  'CANCEL_RESERVATION',
  'RESERVE_NOW',
  'START_SESSION',
  'STOP_SESSION',
  'UNLOCK_CONNECTOR',
] as const;
export type CommandType = (typeof COMMANDS)[number];

/** CommandResultType. */
export const COMMAND_RESULTS = [
  'ACCEPTED',
  'CANCELED_RESERVATION',
  'EVSE_OCCUPIED',
  'EVSE_INOPERATIVE',
  'FAILED',
  'NOT_SUPPORTED',
  'REJECTED',
  'TIMEOUT',
  'UNKNOWN_RESERVATION',
];

/** Fields with cardinality 1 in the object of each command; all are strings but the token. */
const REQUIRED: Record<CommandType, string[]> = {
  CANCEL_RESERVATION: ['response_url', 'reservation_id'],
  RESERVE_NOW: ['response_url', 'token', 'expiry_date', 'reservation_id', 'location_id'],
  START_SESSION: ['response_url', 'token', 'location_id'],
  STOP_SESSION: ['response_url', 'session_id'],
  UNLOCK_CONNECTOR: ['response_url', 'location_id', 'evse_uid', 'connector_id'],
};

/** Reads the last segment of a command's URL. */
export function commandType(segment: string | undefined): CommandType | undefined {
  return COMMANDS.find((command) => command === segment);
}

/** What is missing in the object of a command; undefined where nothing is. */
export function faultOf(command: CommandType, body: Json | undefined): string | undefined {
  if (!isObject(body)) return '$: must be an object';
  const missing = REQUIRED[command].find((name) =>
    name === 'token' ? !isObject(body[name]) : asText(body[name]) === '',
  );
  if (missing !== undefined) return `$.${missing}: is required`;
  const loose = body['connector_id'] !== undefined && body['evse_uid'] === undefined;
  return loose ? '$.evse_uid: is required with connector_id' : undefined;
}
