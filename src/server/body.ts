import { fail, OcpiFailure, type OcpiError } from '../errors';
import { parseJson as parseText } from '../domain/json/parse-json';
import { decodeText } from '../ocpi/charset';
import type { OcpiCall } from './ocpi-call';

/** A body as it came and as it was read; a byte order mark is dropped. */
export interface JsonBody {
  text: string;
  value: unknown;
}

/** What sessions and CDRs may have: signed meter values of hours are some megabytes. */
const LARGE_BODY = 16 * 1024 * 1024;

/** Modules whose bodies may be large. */
export interface BodySize {
  largeBodies?: boolean;
}

/**
 * The bytes of the body. Express' own reader and `res.json` make a PUT of 300 bytes a quarter slower.
 * @throws BodyTooLarge, TooManyBytes; the rest is drained, so that the answer reaches the client.
 */
function readBytes({ request, context, weight }: OcpiCall, limit: number): Promise<Buffer> {
  const { bodyLimit } = context.config;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let refused: OcpiError | undefined;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) refused ??= { kind: 'BodyTooLarge', limit };
      else if (!weight.add(chunk.length, size > bodyLimit)) refused ??= { kind: 'TooManyBytes' };
      if (refused) chunks.length = 0;
      else chunks.push(chunk);
    });
    request.on('end', () => {
      if (refused) reject(new OcpiFailure(refused));
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('the client went away')));
  });
}

function parse(text: string): unknown {
  try {
    return parseText(text);
  } catch (error) {
    return fail({
      kind: 'NotJson',
      reason: error instanceof Error ? error.message.slice(0, 200) : 'unreadable',
    });
  }
}

/** The body of a request, as bytes. @throws BodyTooLarge, TooManyBytes, UnsupportedEncoding */
export function readBody(call: OcpiCall, { largeBodies }: BodySize = {}): Promise<Buffer> {
  const encoding = call.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') fail({ kind: 'UnsupportedEncoding', encoding });
  const { bodyLimit } = call.context.config;
  return readBytes(call, largeBodies ? Math.max(LARGE_BODY, bodyLimit) : bodyLimit);
}

/** Text of a body that did not say its charset: a lenient partner's is guessed, with a finding. @throws NotJson */
function textOf(call: OcpiCall, bytes: Buffer): string {
  const { text, guessed } = decodeText(bytes, call.headers['content-type']);
  if (!guessed) return text;
  const { id, policies } = call.caller.partner;
  if (policies.validation === 'strict') fail({ kind: 'NotJson', reason: 'not UTF-8' });
  const [, , module = ''] = call.path.split('/');
  const finding = { path: '$', rule: 'must be UTF-8', example_id: call.request_id };
  call.context.findings.record(id, module, [finding]);
  return text;
}

/** The body as JSON. @throws NotJson */
export function parseJson(call: OcpiCall, bytes: Buffer): JsonBody {
  const text = textOf(call, bytes);
  return { text, value: parse(text) };
}

/**
 * Reads the body as JSON, whatever its Content-Type (semantics 4).
 * @throws NotJson, BodyTooLarge, TooManyBytes, UnsupportedEncoding
 */
export async function readJsonBody(call: OcpiCall, size: BodySize = {}): Promise<JsonBody> {
  return parseJson(call, await readBody(call, size));
}

/** As readJsonBody, the value alone. */
export async function readJson(call: OcpiCall): Promise<unknown> {
  return (await readJsonBody(call)).value;
}
