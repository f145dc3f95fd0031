import type { AnswerSides } from '../errors';
import { RawJson } from './raw-json';

/** The response format of OCPI (spec: transport_and_format, Response format). */

/** What a handler returns; one function of the front door turns it into bytes. */
export interface Reply {
  http: number;
  status_code: number;
  status_message?: string;
  /** Only where the spec defines it. */
  data?: RawJson | object | string;
  headers?: Record<string, string>;
  /** A relayed envelope, as its receiver wrote it: sent in place of the rest (semantics 23). */
  bytes?: Buffer;
  /** Where the request's own routing headers do not say who answers, and whom. */
  sides?: AnswerSides;
}

/** 1000, the generic success code. */
export const OK: Reply = { http: 200, status_code: 1000 };
export const CREATED: Reply = { http: 201, status_code: 1000 };

export function okWith(data: RawJson | object | string, headers?: Record<string, string>): Reply {
  return { http: 200, status_code: 1000, data, headers };
}

/** The envelope as text; `timestamp` is the time at which it is made, UTC with Z. */
export function envelopeText(reply: Reply, now: Date = new Date()): string {
  const data =
    reply.data === undefined
      ? ''
      : `"data":${reply.data instanceof RawJson ? reply.data.text : JSON.stringify(reply.data)},`;
  const message =
    reply.status_message === undefined ? '' : `"status_message":${JSON.stringify(reply.status_message)},`;
  return `{${data}"status_code":${reply.status_code},${message}"timestamp":"${now.toISOString()}"}`;
}
