import zlib from 'node:zlib';
import { failed, headerOf, type TransportResult } from './transport-types';

/*
 * The hub asks for plain bytes (Accept-Encoding: identity). Some servers pack their answers all the same, so they are
 * unpacked here: whoever reads, stores or relays an answer sees its own bytes.
 */

type Answer = Extract<TransportResult, { ok: true }>;
type Unpack = (packed: Buffer, limit: zlib.ZlibOptions, done: zlib.CompressCallback) => void;

/** `deflate` is sent with zlib's frame and without it. */
const inflate: Unpack = (packed, limit, done) =>
  zlib.inflate(packed, limit, (error, plain) =>
    error ? zlib.inflateRaw(packed, limit, done) : done(null, plain),
  );

const UNPACK: Record<string, Unpack> = {
  gzip: zlib.gunzip,
  'x-gzip': zlib.gunzip,
  deflate: inflate,
  br: zlib.brotliDecompress,
};

/** How an answer is packed; undefined where it is not, or not in a way that is known. */
export function packingOf({ headers }: Pick<Answer, 'headers'>): string | undefined {
  const coding = headerOf(headers, 'content-encoding')?.trim().toLowerCase();
  return coding !== undefined && coding in UNPACK ? coding : undefined;
}

/** The answer with plain bytes. A failure where they are over `maxBytes`, or no packed bytes at all. */
export function unpacked(answer: Answer, coding: string, maxBytes: number): Promise<TransportResult> {
  const { 'content-encoding': _, 'content-length': __, ...headers } = answer.headers;
  return new Promise((resolve) => {
    UNPACK[coding]?.(answer.body, { maxOutputLength: maxBytes }, (error, body) => {
      if (!error) resolve({ ...answer, headers, body });
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
        resolve(failed('too_large', `the answer is over ${maxBytes} bytes`));
      else resolve(failed('reset', `the answer is not ${coding}: ${error.message}`));
    });
  });
}
