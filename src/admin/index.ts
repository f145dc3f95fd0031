import express, { Router } from 'express';
import type { Context } from '../context';
import { requireAdmin } from './authenticate';
import { deliveriesRouter, feedRouter } from './feed';
import { gapsRouter } from './gaps';
import { partnersRouter } from './partners';
import { nothingHere, problemHandler } from './problems';

/** The admin API: one router per resource, JSON in and out, errors as problem details (RFC 9457). */
export function adminRouter(context: Context): Router {
  const router = Router();
  router.use(requireAdmin(context.adminToken));
  router.use(express.json({ type: () => true, limit: context.config.bodyLimit, strict: false }));
  router.use('/partners', partnersRouter(context));
  router.use('/feed', feedRouter(context));
  router.use('/deliveries', deliveriesRouter(context));
  router.use('/gaps', gapsRouter(context));
  router.use(nothingHere);
  router.use(problemHandler(context.log));
  return router;
}
