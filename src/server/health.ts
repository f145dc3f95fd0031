import { Router } from 'express';
import type { Context } from '../context';

/** For the machines that host the hub: is it alive, is it ready (database and migrations). */
export function healthRouter(context: Context): Router {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const ready = await context.ready();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  });
  router.get('/metrics', async (_request, response) => {
    response.type('text/plain').send(await context.metrics.metrics());
  });
  return router;
}
