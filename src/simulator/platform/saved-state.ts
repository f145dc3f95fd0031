import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isObject, parseJson } from '../json';
import type { Peer } from '../types';

/** A registration as a file keeps it: whoever reads it can speak for the platform. */
export interface SavedState {
  port: number;
  /** Tokens with which the peer calls. */
  accepted: string[];
  peer: Peer;
}

/** Writes it, for its owner alone. */
export function saveState(file: string, state: SavedState): void {
  writeFileSync(file, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

const isSaved = (value: unknown): value is SavedState =>
  isObject(value) &&
  typeof value['port'] === 'number' &&
  Array.isArray(value['accepted']) &&
  isObject(value['peer']);

/** Reads it; undefined where there is no file. @throws Error for a file that holds something else */
export function readState(file: string): SavedState | undefined {
  if (!existsSync(file)) return undefined;
  const value: unknown = parseJson(readFileSync(file, 'utf8'));
  if (!isSaved(value)) throw new Error(`--state ${file}: holds no registration`);
  return value;
}
