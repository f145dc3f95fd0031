import { createHash, timingSafeEqual } from 'node:crypto';
import express, { Router, type RequestHandler } from 'express';
import type { Context } from '../context';
import { deliveriesRouter } from './deliveries';
import { feedRouter } from './feed';
import { refuseUnknownQuery } from './methods';
import { gapsRouter } from './gaps';
import { notKeptRouter } from './not-kept';
import { partnersRouter } from './partners';
import { nothingHere, problemHandler, sendProblem } from './problems';

/*
 * The admin API: JSON for the people who run the hub, behind one bearer token. A router per resource reads the
 * input, names every field that breaks a rule, asks the hub, and answers. Errors are problem details (RFC 9457).
 */

/** The admin API: one router per resource, JSON in and out, errors as problem details (RFC 9457). */
export function adminRouter(context: Context): Router {
  const router = Router();
  router.use(requireAdmin(context.adminToken));
  router.use(express.json({ type: () => true, limit: context.config.bodyLimit, strict: false }));
  router.use(refuseUnknownQuery);
  router.use('/partners', partnersRouter(context));
  router.use('/feed', feedRouter(context));
  router.use('/deliveries', deliveriesRouter(context));
  router.use('/gaps', gapsRouter(context));
  router.use('/not-kept', notKeptRouter(context));
  router.use(nothingHere);
  router.use(problemHandler(context.log));
  return router;
}

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Lets through what carries `Authorization: Bearer ADMIN_TOKEN`; compared in constant time, as digests. */
export function requireAdmin(adminToken: string): RequestHandler {
  const expected = digest(adminToken);
  return (request, response, next) => {
    const given = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim() ?? '';
    if (timingSafeEqual(digest(given), expected)) next();
    else sendProblem(response, { kind: 'AdminUnauthorized', token: given === '' ? 'missing' : 'wrong' });
  };
}
