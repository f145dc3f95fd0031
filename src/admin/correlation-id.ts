import { randomUUID } from 'node:crypto';
import type { Request } from 'express';

/** What an admin's request causes carries its correlation id, or a new one. */
export function correlationId(request: Request): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && /^[\x21-\x7e]{1,255}$/.test(given) ? given : randomUUID();
}
