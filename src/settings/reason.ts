import { isNativeError } from 'node:util/types';

/** Why something of the operating system failed: its code, such as ENOENT, or else the error's words. */
export function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
