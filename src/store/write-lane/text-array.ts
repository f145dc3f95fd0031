/*
 * An array of texts in PostgreSQL's binary form (array_recv): one dimension, counted from 1. Its text form escapes each
 * quote of each text, and a JSON text is full of them: 1 MiB of quotes took half a second.
 */

/** The type `text` in PostgreSQL's catalogue. */
const TEXT = 25;
const HEAD = 5 * 4;
const NULL = -1;

/** A parameter for `$n::text[]`: pg sends a Buffer as it is, in binary. */
export function textArray(values: readonly (string | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? NULL : Buffer.byteLength(value)));
  const size = sizes.reduce((sum, bytes) => sum + 4 + Math.max(bytes, 0), HEAD);
  const array = Buffer.allocUnsafe(size);
  let at = writeHead(array, { length: values.length, hasNull: sizes.includes(NULL) });
  for (const [i, value] of values.entries()) {
    at = array.writeInt32BE(sizes[i] ?? NULL, at);
    if (value !== null) at += array.write(value, at);
  }
  return array;
}

function writeHead(array: Buffer, { length, hasNull }: { length: number; hasNull: boolean }): number {
  const head = [1, hasNull ? 1 : 0, TEXT, length, 1];
  return head.reduce((at, value) => array.writeInt32BE(value, at), 0);
}
