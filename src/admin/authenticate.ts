import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { sendProblem } from './problems';

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Lets through what carries `Authorization: Bearer ADMIN_TOKEN`; compared in constant time, as digests. */
export function requireAdmin(adminToken: string): RequestHandler {
  const expected = digest(adminToken);
  return (request, response, next) => {
    const given = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given.trim()), expected)) next();
    else sendProblem(response, { kind: 'AdminUnauthorized' });
  };
}
