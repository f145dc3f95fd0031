import { Router } from 'express';
import type { Context } from '../context';
import { feedReport } from '../hub/admin/feed';
import { allowOnly } from './methods';

/** Where every partner stands: position, how far behind, last success and error, state. */
export function feedRouter(context: Context): Router {
  const router = Router();
  router
    .route('/')
    .get(async (_request, response) => {
      response.json({ items: await feedReport(context) });
    })
    .all(allowOnly('GET'));
  return router;
}
