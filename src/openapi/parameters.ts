import { AFTER } from '../ocpi/paging';

/* Parameters and headers of OCPI requests and answers, each with what it is for. */

type Json = Record<string, unknown>;

const text: Json = { type: 'string' };
const whole: Json = { type: 'integer', minimum: 0 };
const dateTime: Json = { type: 'string', format: 'date-time' };

interface Parameter {
  in: 'query' | 'header';
  name: string;
  description: string;
  schema: Json;
  required?: boolean;
}

const parameter = (of: Parameter): Json => ({ required: false, ...of });
const header = (name: string, description: string): Json =>
  parameter({ in: 'header', name, description, schema: text });
const query = (name: string, schema: Json, description: string): Json =>
  parameter({ in: 'query', name, description, schema });

const TO =
  'Of the receiver. The hub itself: broadcast, or a GET of its store. Nobody: the hub finds the receiver.';
const FROM =
  'Of your party that speaks. May be left out where your platform has one party of a fitting role.';

/** Query parameters and headers of requests, by what paths refer to them as. */
export const parameters: Record<string, Json> = {
  to_country_code: header('OCPI-to-country-code', `Country code. ${TO}`),
  to_party_id: header('OCPI-to-party-id', `Party id. ${TO}`),
  from_country_code: header('OCPI-from-country-code', `Country code. ${FROM}`),
  from_party_id: header('OCPI-from-party-id', `Party id. ${FROM}`),
  request_id: header(
    'X-Request-ID',
    'Names this request; the answer has it too. The hub makes one where it is missing.',
  ),
  correlation_id: header(
    'X-Correlation-ID',
    'Names all messages of one story, also those that the hub sends because of it.',
  ),
  date_from: query('date_from', dateTime, 'Objects with last_updated at or after it'),
  date_to: query('date_to', dateTime, 'Objects with last_updated before it'),
  offset: query('offset', whole, 'How many objects to skip; Link carries it'),
  limit: query('limit', { type: 'integer', minimum: 1 }, 'Objects per page; above 1000 it counts as 1000'),
  after: query('after', { type: 'string', pattern: AFTER.source }, 'The place that a Link of this hub gave'),
  relay: query('relay', text, 'Names a page of a relayed list: a Link of this hub gave it'),
  duration: parameter({
    in: 'query',
    name: 'duration',
    description: 'Seconds of the profile that is asked for',
    schema: whole,
    required: true,
  }),
  response_url: parameter({
    in: 'query',
    name: 'response_url',
    description: 'Where the result is to be posted',
    schema: { type: 'string', format: 'uri' },
    required: true,
  }),
  token_type: query('type', { type: 'string', default: 'RFID' }, 'The type of the token'),
};

const answerHeader = (schema: Json, description: string): Json => ({ description, schema });

/** Headers of answers. */
export const headers: Record<string, Json> = {
  Link: answerHeader(text, 'rel="next": the next page. Absent on the last page.'),
  'X-Total-Count': answerHeader(whole, 'All objects that match and that you may see'),
  'X-Limit': answerHeader(whole, 'The most objects that a page has'),
  Location: answerHeader({ type: 'string', format: 'uri' }, 'Where the CDR can be read'),
  'X-Request-ID': answerHeader(text, 'As the request had it'),
  'X-Correlation-ID': answerHeader(text, 'As the request had it'),
  'OCPI-from-country-code': answerHeader(text, 'Country code of the one who answers'),
  'OCPI-from-party-id': answerHeader(text, 'Party id of the one who answers'),
  'OCPI-to-country-code': answerHeader(text, 'Country code of your party'),
  'OCPI-to-party-id': answerHeader(text, 'Party id of your party'),
};

const PATH_WORDS: Record<string, string> = {
  country_code: 'Country code of the owner, e.g. BE',
  party_id: 'Party id of the owner, e.g. BEC',
  location_id: 'Location.id',
  evse_uid: 'EVSE.uid',
  connector_id: 'Connector.id',
  session_id: 'Session.id',
  cdr_id: 'CDR.id',
  tariff_id: 'Tariff.id',
  token_uid: 'Token.uid',
  response_url_id: 'The end of the response_url that the hub handed out',
  location_url_id: 'The end of the Location that the hub handed out',
  id: 'The id that the hub gave to it',
};

/** Parameters of a path, by name. `words`: the names by which they are described, where they are others. */
export const pathParameters = (names: readonly string[], words: readonly string[] = names): Json[] =>
  names.map((name, i) => ({
    name,
    in: 'path',
    required: true,
    description: PATH_WORDS[words[i] ?? name] ?? `The ${name}`,
    schema: text,
  }));
