import type { Json } from '../json';
import type { Answer } from '../types';

/** True for an HTTP 2xx whose envelope, if there is one, says 1xxx. */
export function succeeded(answer: Answer): boolean {
  const ok = answer.status === undefined ? answer.text === '' : Math.floor(answer.status / 1000) === 1;
  return answer.http >= 200 && answer.http < 300 && ok;
}

/** An answer in one line, for messages: `HTTP 200, 2001: $.city is missing`. */
export function describeAnswer(answer: Answer): string {
  const status = answer.status === undefined ? answer.text.slice(0, 120) : String(answer.status);
  return `HTTP ${answer.http}, ${status}${answer.message === '' ? '' : `: ${answer.message}`}`;
}

/** The data of an answer. @throws Error that names the step and the answer, unless it succeeded */
export function expectSuccess(step: string, answer: Answer): Json | undefined {
  if (!succeeded(answer)) throw new Error(`${step}: ${describeAnswer(answer)}`);
  return answer.data;
}
