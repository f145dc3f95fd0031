import type { Router } from 'express';
import type { Context } from '../context';
import type { OwnedModuleDescriptor } from '../ocpi/module';
import { ownedModules } from '../ocpi/versions';
import { findPartner } from '../hub/admin/partners';
import type { ComparisonRequest } from '../hub/compare/comparisons';
import { pushFromScratch, syncReport } from '../hub/admin/sync';
import { pushChosen, type PushWish } from '../hub/admin/push-again';
import { correlationId } from './correlation-id';
import { Input } from './input';
import { allowOnly } from './methods';
import { askForPull, pullReport, type PullWish } from '../hub/admin/pulls';

/** What is asked for without a sample: objects a module and receiver. */
const SAMPLE = 20;
/** Of a check. */
export const LARGEST_SAMPLE = 10_000;
/** A check that ends within this while is answered with its report. */
const WAIT_MS = 5000;

/** The optional field `module`: a module whose objects the hub stores, by its identifier. */
export function readModule(input: Input): OwnedModuleDescriptor | undefined {
  const names = ownedModules.map(({ identifier }) => identifier);
  const name = input.oneOf('module', names, 'optional');
  return ownedModules.find(({ identifier }) => identifier === name);
}

/** Body of POST /partners/:id/check. @throws AdminInvalid */
function readCheck(body: unknown): ComparisonRequest {
  const input = new Input(body ?? {}).only('sample', 'module');
  const sample = input.count('sample', { word: 'all', max: LARGEST_SAMPLE, fallback: SAMPLE });
  const module = readModule(input);
  input.done();
  return { sample, module };
}

/** A party in a body. */
export const OWNER = /^([A-Za-z]{2})\/([\x21-\x7e]{1,3})$/;
const notAnOwner = (text: string): string | undefined =>
  OWNER.test(text) ? undefined : 'must be a party, such as NL/ABC';
const notAnId = (text: string): string | undefined =>
  text.length > 0 && text.length <= 255 ? undefined : 'must be 1 to 255 characters';

/** Body of POST /partners/:id/push; undefined where it asks for everything. @throws AdminInvalid */
export function readPush(body: unknown): Omit<PushWish, 'correlationId'> | undefined {
  const input = new Input(body ?? {}).only('module', 'owner', 'id');
  const module = readModule(input);
  const [, country_code = '', party_id = ''] = OWNER.exec(input.optional('owner', notAnOwner) ?? '') ?? [];
  const id = input.optional('id', notAnId);
  if (!module && (id !== undefined || party_id !== ''))
    input.refuse('module', 'is required with owner or id');
  input.done();
  return module && { module, owner: party_id === '' ? undefined : { country_code, party_id }, id };
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
      const wish = readPush(request.body);
      const begun = wish
        ? await pushChosen(context, partner, { ...wish, correlationId: correlationId(request) })
        : { receivers: await pushFromScratch(context, partner) };
      response.status(202).json({ partner_id: partner.id, ...begun });
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
