import { describeAnswer, succeeded } from './http-client';
import type { Answer } from '../types';

/** @throws Error that names what was sent and how it was answered, unless it succeeded */
export function expectAccepted(what: string, answer: Answer): void {
  if (!succeeded(answer)) throw new Error(`${what}: ${describeAnswer(answer)}`);
}
