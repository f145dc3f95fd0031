import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { fail } from '../errors';
import type { OcpiCall } from './ocpi-call';

const BYTE_ORDER_MARK = '\uFEFF';

/** A body as it came and as it was read; a byte order mark is dropped. */
export interface JsonBody {
  text: string;
  value: unknown;
}

/**
 * The bytes of the body. Express' own reader and `res.json` make a PUT of 300 bytes a quarter slower.
 * @throws BodyTooLarge over `limit` bytes; the rest is drained, so that the answer reaches the client.
 */
function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => {
      if (size > limit) tooLarge(limit, reject);
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('the client went away')));
  });
}

function tooLarge(limit: number, reject: (reason: unknown) => void): void {
  try {
    fail({ kind: 'BodyTooLarge', limit });
  } catch (error) {
    reject(error);
  }
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) fail({ kind: 'NotJson', reason: 'not UTF-8' });
  const text = bytes.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return fail({
      kind: 'NotJson',
      reason: error instanceof Error ? error.message.slice(0, 200) : 'unreadable',
    });
  }
}

/** The body of a request, as bytes. @throws BodyTooLarge */
export function readBody({ request, context }: OcpiCall): Promise<Buffer> {
  return readBytes(request, context.config.bodyLimit);
}

/** The body as JSON. @throws NotJson */
export function parseJson(bytes: Buffer): JsonBody {
  const text = decode(bytes);
  return { text, value: parse(text) };
}

/**
 * Reads the body as JSON, whatever its Content-Type (semantics 4).
 * @throws NotJson, BodyTooLarge
 */
export async function readJsonBody(call: OcpiCall): Promise<JsonBody> {
  return parseJson(await readBody(call));
}

/** As readJsonBody, the value alone. */
export async function readJson(call: OcpiCall): Promise<unknown> {
  return (await readJsonBody(call)).value;
}
