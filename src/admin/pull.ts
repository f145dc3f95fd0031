import type { Router } from 'express';
import type { Context } from '../context';
import { askForPull, pullReport, type PullWish } from '../hub/admin/pulls';
import { Input } from './input';
import { readModule } from './module-input';
import { allowOnly } from './methods';

/** Body of POST /partners/:id/pull; all of it is optional. @throws AdminInvalid */
function readWish(body: unknown): PullWish {
  const input = new Input(body ?? {}).only('kind', 'module', 'confirm_removals');
  const kind = input.oneOf('kind', ['delta', 'full'], 'optional');
  const module = readModule(input);
  const confirmRemovals = input.flag('confirm_removals') ?? false;
  input.done();
  return { kind: kind ?? (confirmRemovals ? 'full' : 'delta'), module, confirmRemovals };
}

/** /partners/:id/pull: where the pulls stand, and a pull on demand. */
export function pullRoutes(router: Router, context: Context): void {
  router
    .route('/:id/pull')
    .get(async (request, response) => {
      response.json(await pullReport(context, request.params.id));
    })
    .post(async (request, response) => {
      await askForPull(context, request.params.id, readWish(request.body));
      response.status(202).json(await pullReport(context, request.params.id));
    })
    .all(allowOnly('GET', 'POST'));
}
