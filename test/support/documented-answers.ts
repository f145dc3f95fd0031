import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { openapiDocument } from '../../src/openapi';

/*
 * Every answer of a hub under test, to whatever client, must stand in openapi.yaml: path, method, status and body. What
 * does not fails the test that was running. Hubs in processes of their own are not looked at.
 */

type Json = Record<string, unknown>;

interface Answer {
  method: string;
  path: string;
  http: number;
  /** Does somebody else answer than the hub? */
  relayed: boolean;
  type: string;
  body: Buffer;
}

interface Content {
  schema?: Json;
}
interface Response {
  content?: Record<string, Content>;
}
interface Operation {
  responses: Record<string, Response & { $ref?: string }>;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/**
 * The document as answers are held against it: what the hub writes itself has no field that does not stand there, and
 * of objects that are passed on as their owners sent them only the shape counts.
 */
function sharpened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sharpened);
  if (!isJson(value)) return value;
  if (value['x-as-sent'] === true)
    return { type: 'data' in value ? 'object' : ['array', 'object', 'string'] };
  const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sharpened(member)]));
  const isOpen = 'additionalProperties' in copy || !isJson(copy.properties) || 'data' in copy.properties;
  return copy.type === 'object' && !isOpen ? { ...copy, additionalProperties: false } : copy;
}

const DOCUMENT = 'answers';
const document = sharpened(JSON.parse(JSON.stringify(openapiDocument()))) as {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Response> };
};
const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false });
ajv.addSchema({ $id: DOCUMENT, ...document });

const compiled = new Map<string, ValidateFunction>();

function validatorAt(pointer: string): ValidateFunction {
  let validate = compiled.get(pointer);
  if (!validate) compiled.set(pointer, (validate = ajv.compile({ $ref: `${DOCUMENT}#${pointer}` })));
  return validate;
}

const escaped = (step: string): string =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));

const paths = Object.entries(document.paths).map(([path, operations]) => ({
  path,
  operations,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/*$`),
}));

/** Why a body is none of the schema there; undefined where it is. */
function bodyFault(pointer: string, body: Buffer): string | undefined {
  const validate = validatorAt(pointer);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return 'is no JSON';
  }
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

function contentFault(response: Response, pointer: string, answer: Answer): string | undefined {
  const { type, body } = answer;
  const isEmpty = body.length === 0;
  if (!response.content) return isEmpty ? undefined : 'a body where none stands in the document';
  if (isEmpty) return answer.method === 'HEAD' ? undefined : 'no body';
  if (!response.content[type]) return `a body of type ${type}`;
  return type.endsWith('json') ? bodyFault(`${pointer}/content/${escaped(type)}/schema`, body) : undefined;
}

/** What the hub answers of itself where nothing is served: 401, 404, 405, 429. */
function nothingServed(answer: Answer): string | undefined {
  if (![401, 404, 405, 429].includes(answer.http)) return 'this path or method is not in the document';
  if (answer.method === 'HEAD') return undefined;
  const schema = answer.path.startsWith('/admin/api') ? 'Problem' : 'Envelope';
  return bodyFault(`/components/schemas/${schema}`, answer.body);
}

/** What the document is about; pages for people are not. */
const API = /^\/(ocpi|admin\/api|health|metrics)(\/|$)/;

/** Why an answer does not stand in the document; undefined where it does. */
export function faultOf(answer: Answer): string | undefined {
  if (!API.test(answer.path)) return undefined;
  const at = paths.find(({ pattern }) => pattern.test(answer.path));
  const method = answer.method === 'HEAD' ? 'get' : answer.method.toLowerCase();
  const operation = at?.operations[method];
  if (!at || !operation) return nothingServed(answer);
  const { responses } = operation;
  const isOcpi = at.path.startsWith('/ocpi');
  if (isOcpi && answer.relayed) return undefined;
  const status = String(answer.http);
  const key = status in responses || isOcpi ? status : 'default';
  const response = responses[key];
  if (!response) return 'this status is not in the document';
  if (response.$ref === undefined)
    return contentFault(response, `/paths/${escaped(at.path)}/${method}/responses/${key}`, answer);
  const name = response.$ref.slice(response.$ref.lastIndexOf('/') + 1);
  return contentFault(document.components.responses[name] ?? {}, `/components/responses/${name}`, answer);
}

const faults: string[] = [];
let judged = 0;

/** How many answers have been looked at in this file. */
export const judgedAnswers = (): number => judged;

function judge(answer: Answer): void {
  judged++;
  const fault = faultOf(answer);
  if (fault === undefined) return;
  const { method, path, http, body } = answer;
  faults.push(`${method} ${path} answered ${http}: ${fault}\n  ${body.toString('utf8').slice(0, 400)}`);
}

type Chunk = string | Uint8Array;

const bytesOf = (chunk: unknown, encoding: unknown): Buffer =>
  typeof chunk === 'string'
    ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
    : chunk instanceof Uint8Array
      ? Buffer.from(chunk)
      : Buffer.alloc(0);

const hubs = new Map<number, { country_code: string; party_id: string }>();

/** Headers as the hub gave them to writeHead, as a flat list of names and values. */
const listed = (list: unknown): Map<string, string> => {
  const flat = Array.isArray(list) ? list.map(String) : [];
  return new Map(flat.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), flat[i + 1] ?? '']] : [])));
};

/** Keeps what is written, and judges it when it has been. */
function listen(message: unknown): void {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const hub = hubs.get(request.socket.localPort ?? 0);
  if (!hub) return;
  const { method = '', url = '' } = request; // Express shortens the URL on its way
  const chunks: Buffer[] = [];
  let list = new Map<string, string>();
  const headerOf = (name: string): string => list.get(name) ?? String(response.getHeader(name) ?? '');
  const { write, end, writeHead } = response;
  response.writeHead = (...given: unknown[]) => {
    list = listed(given.at(-1));
    return Reflect.apply(writeHead, response, given) as ServerResponse;
  };
  response.write = (chunk: Chunk, ...rest: unknown[]) => {
    chunks.push(bytesOf(chunk, rest[0]));
    return Reflect.apply(write, response, [chunk, ...rest]) as boolean;
  };
  response.end = (...given: unknown[]) => {
    chunks.push(bytesOf(given[0], given[1]));
    const ended = Reflect.apply(end, response, given) as ServerResponse;
    const from = headerOf('ocpi-from-party-id');
    judge({
      method,
      path: url.replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*$/s, ''),
      http: response.statusCode,
      relayed: from !== '' && from !== hub.party_id,
      type: headerOf('content-type').replace(/;.*$/s, ''),
      body: Buffer.concat(chunks),
    });
    return ended;
  };
}

/** Looks at every answer of the hub on this port from now on. */
export function checkAnswersOf(port: number, hub: { country_code: string; party_id: string }): void {
  hubs.set(port, hub);
}

function report(): void {
  const found = faults.splice(0);
  if (found.length > 0) throw new Error(`answers that do not stand in openapi.yaml:\n${found.join('\n')}`);
}

const START = 'http.server.request.start';

beforeAll(() => diagnostics.subscribe(START, listen));
afterEach(report);
afterAll(() => {
  diagnostics.unsubscribe(START, listen);
  report();
});
