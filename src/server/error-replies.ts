import type { OcpiError } from '../errors';
import type { Reply } from '../ocpi/envelope';
import { versions } from '../ocpi/versions';

type Row<K extends OcpiError['kind']> = (error: Extract<OcpiError, { kind: K }>) => Reply;

const refuse = (http: number, status_code: number, status_message: string): Reply => ({
  http,
  status_code,
  status_message,
});

const LONGEST_PATH = 200;

/** Names what there is: the path below it, or who lists all endpoints. */
function unknownPathWords({ path, goesOn }: { path: string; goesOn?: string | undefined }): string {
  const version = versions.find(({ number }) => path.split('/')[0] === number);
  const listed = version ? `/ocpi/${version.number}` : '/ocpi/versions';
  const below = goesOn === undefined ? '' : ` it goes on, as ${goesOn};`;
  return `no such endpoint: ${path.slice(0, LONGEST_PATH)};${below} see GET ${listed}`;
}

/**
 * The whole answer of the OCPI front door to everything that can go wrong (spec: status_codes; semantics 2 to 9,
 * 13, 14, 22, 28, 36, 37). A kind without a row does not compile.
 */
const TABLE: { [K in OcpiError['kind']]: Row<K> } = {
  Unauthorized: (e) => refuse(401, 2001, e.reason),
  UnknownPath: (e) => refuse(404, 2000, unknownPathWords(e)),
  UnknownHandOut: (e) => refuse(404, 2000, `this ${e.what} is unknown here, or has expired`),
  MethodNotAllowed: (e) => ({
    ...refuse(405, 2000, `${e.method} is not allowed here; allowed: ${e.allow.join(', ')}`),
    headers: { Allow: e.allow.join(', ') },
  }),
  NotJson: (e) => refuse(400, 2001, `the body is not JSON: ${e.reason}`),
  BodyTooLarge: (e) => refuse(413, 2001, `the body is over ${e.limit} bytes`),
  UnsupportedEncoding: (e) =>
    refuse(415, 2001, `Content-Encoding ${e.encoding} is not understood: send the body as it is`),
  TooManyBytes: () => ({
    ...refuse(503, 3000, 'too many large bodies are under way: send this one again'),
    headers: { 'Retry-After': '1' },
  }),
  TooManyRequests: () => ({ ...refuse(429, 2000, 'too many requests'), headers: { 'Retry-After': '1' } }),
  Invalid: (e) => refuse(200, 2001, e.message),
  ForeignParty: (e) => refuse(404, 2001, `${e.party} is not a party of this platform`),
  UnknownObject: (e) => refuse(e.named ? 200 : 404, e.status_code, `unknown ${e.what}: ${e.id}`),
  NotRegistered: () => refuse(405, 2000, 'not registered: POST credentials first'),
  AlreadyRegistered: () => refuse(405, 2000, 'registered already: PUT credentials to change them'),
  ClientApiUnusable: (e) => refuse(200, 3001, e.reason),
  UnsupportedVersion: (e) => refuse(200, 3002, `version ${e.version} is not offered by the client`),
  MissingEndpoints: (e) => refuse(200, 3003, e.missing),
  HandshakeOvertaken: () =>
    refuse(200, 3000, 'another handshake of this platform ended first: nothing was changed by this one'),
  HubFault: () => refuse(200, 3000, 'the hub could not process this request'),
  Unroutable: (e) => refuse(200, 4000, e.reason),
  UnknownReceiver: (e) => refuse(200, 4001, `unknown receiver: ${e.party}`),
  SeveralReceivers: (e) =>
    refuse(200, 4001, `${e.subject} is known of ${e.candidates.join(', ')}: name one in OCPI-to`),
  ReceiverTimeout: (e) => refuse(200, 4002, `no answer in time from ${e.party}`),
  ReceiverNotConnected: (e) => refuse(200, 4003, `not connected: ${e.party} (${e.reason})`),
};

/** The reply to an error. */
export function replyTo<K extends OcpiError['kind']>(error: Extract<OcpiError, { kind: K }>): Reply {
  const row: Row<K> = TABLE[error.kind];
  return row(error);
}
