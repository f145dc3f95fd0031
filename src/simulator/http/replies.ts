import type { Json } from '../json';
import type { Reply } from '../types';

/** 200 with 1000. */
export function ok(data?: Json, headers?: Record<string, string>): Reply {
  return { http: 200, status_code: 1000, status_message: 'Success', data, headers };
}

/** 201 with 1000. */
export function created(headers?: Record<string, string>): Reply {
  return { http: 201, status_code: 1000, status_message: 'Created', headers };
}

/** An OCPI error; HTTP 200 unless the specification wants another status. */
export function refuse(status_code: number, status_message: string, http = 200): Reply {
  return { http, status_code, status_message };
}

export const methodNotAllowed = (): Reply => refuse(2000, 'Method not allowed', 405);
export const notFound = (what = 'No such object', status_code = 2001): Reply =>
  refuse(status_code, what, 404);
