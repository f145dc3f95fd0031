import { Router } from 'express';
import type { Context } from '../context';
import { notKeptReport, settleNotKept } from '../hub/admin/not-kept';
import { Input } from './input';
import { allowOnly } from './methods';

export const NOT_KEPT_STATES = ['not_kept', 'settled'] as const;
export const KEEP = ['stored', 'offered'] as const;
/** Of a reason, in characters. */
export const LONGEST_REASON = 500;

/** Body of POST /not-kept/:id/settle. @throws AdminInvalid */
export function readSettlement(body: unknown): { keep: (typeof KEEP)[number]; reason: string | undefined } {
  const input = new Input(body).only('keep', 'reason');
  const keep = input.oneOf('keep', KEEP, 'required') ?? 'stored';
  const rule = `must have at most ${LONGEST_REASON} characters`;
  const reason = input.optional('reason', (text) => (text.length > LONGEST_REASON ? rule : undefined));
  input.done();
  return { keep, reason };
}

/** /not-kept: relayed objects that their receiver accepted and the hub could not keep, and which copy it shall have. */
export function notKeptRouter(context: Context): Router {
  const router = Router();
  router
    .route('/')
    .get(async (request, response) => {
      const input = new Input(request.query).only('state', 'partner');
      const state = input.oneOf('state', NOT_KEPT_STATES, 'optional') ?? 'not_kept';
      const partner = input.id('partner', 'optional');
      input.done();
      response.json({ items: await notKeptReport(context, { state, partner }) });
    })
    .all(allowOnly('GET'));
  router
    .route('/:id/settle')
    .post(async (request, response) => {
      response.json(await settleNotKept(context, request.params.id, readSettlement(request.body)));
    })
    .all(allowOnly('POST'));
  return router;
}
