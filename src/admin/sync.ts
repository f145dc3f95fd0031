import type { Router } from 'express';
import type { Context } from '../context';
import { findPartner } from '../hub/admin/partners';
import type { ComparisonRequest } from '../hub/compare/comparisons';
import { pushFromScratch, syncReport } from '../hub/admin/sync';
import { Input } from './input';
import { readModule } from './module-input';
import { allowOnly } from './methods';

/** What is asked for without a sample: objects a module and receiver. */
const SAMPLE = 20;
const LARGEST_SAMPLE = 10_000;
/** A check that ends within this while is answered with its report. */
const WAIT_MS = 5000;

/** Body of POST /partners/:id/check. @throws AdminInvalid */
function readCheck(body: unknown): ComparisonRequest {
  const input = new Input(body ?? {}).only('sample', 'module');
  const sample = input.count('sample', { word: 'all', max: LARGEST_SAMPLE, fallback: SAMPLE });
  const module = readModule(input);
  input.done();
  return { sample, module };
}

/** True where it ended before the wait did. */
async function endsSoon(done: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), WAIT_MS)));
  const ended = await Promise.race([done.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}

/** Of one partner: is it in sync, bring it up to date from scratch, compare it. */
export function syncRoutes(router: Router, context: Context): void {
  router
    .route('/:id/sync')
    .get(async (request, response) => {
      const partner = await findPartner(context, request.params.id);
      response.json(await syncReport(context, context.comparisons, partner));
    })
    .all(allowOnly('GET'));
  router
    .route('/:id/push')
    .post(async (request, response) => {
      const partner = await findPartner(context, request.params.id);
      const receivers = await pushFromScratch(context, partner);
      response.status(202).json({ partner_id: partner.id, receivers });
    })
    .all(allowOnly('POST'));
  checkRoute(router, context);
}

function checkRoute(router: Router, context: Context): void {
  router
    .route('/:id/check')
    .get(async (request, response) => {
      const { id } = await findPartner(context, request.params.id);
      response.json({ check: (await context.comparisons.last(id)) ?? null });
    })
    .post(async (request, response) => {
      const partner = await findPartner(context, request.params.id);
      const { done } = await context.comparisons.begin(partner, readCheck(request.body));
      const ended = await endsSoon(done);
      response
        .status(ended ? 200 : 202)
        .json({ check: (await context.comparisons.last(partner.id)) ?? null });
    })
    .all(allowOnly('GET', 'POST'));
}
