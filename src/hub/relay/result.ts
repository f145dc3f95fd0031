import { fail } from '../../errors';
import type { Party, PartyId } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { Reply } from '../../ocpi/envelope';
import type { ModuleID, ResultName } from '../../ocpi/module';
import { results } from '../../ocpi/v2_2_1';
import { asObject, judgeWhole } from '../judge';
import { checkFrom } from '../sender';
import { forward, replyOf } from './forward';
import { openKept, type Kept } from './kept';
import type { RelayParts } from './parts';
import { receiverOf } from './receiver';

/*
 * A result that a CPO posts to the hub's URL goes to the response_url of the one who asked, with that platform's token,
 * FROM the CPO, TO the eMSP, before the CPO gets its answer (mod_commands, Sender POST; HUB-SEMANTICS 26). It may come
 * more than once: a CPO cancels a reservation by the same URL.
 */

export interface PostedResult {
  name: string;
  module: ModuleID;
  platform: Partner;
  from: PartyId | undefined;
  correlation_id: string;
  body(): Promise<{ text: string; value: unknown }>;
}

const KINDS: Partial<Record<ModuleID, readonly ResultName[]>> = {
  commands: ['CommandResult'],
  chargingprofiles: ['ActiveChargingProfileResult', 'ChargingProfileResult', 'ClearProfileResult'],
};

const isResult = (kind: Kept['callback']['kind']): kind is ResultName => kind in results;

function check(parts: RelayParts, posted: PostedResult, kept: { kind: ResultName; value: unknown }): void {
  const { platform: partner, module, name } = posted;
  const judgement = { findings: parts.findings, partner, module, example_id: name.slice(0, 8) };
  judgeWhole(judgement, results[kept.kind], asObject(kept.value));
}

/**
 * Delivers a result and answers what the one who asked answered.
 * @throws UnknownPath (unknown, expired, another platform's), Invalid, and the hub errors
 */
export async function relayResult(
  parts: RelayParts,
  posted: PostedResult,
  answeredBy: (sides: { from: Party; to: Party }) => void,
): Promise<Reply> {
  const { name, platform, correlation_id } = posted;
  const kept = await openKept(parts, { name, kinds: KINDS[posted.module] ?? [], platform });
  if (!kept || !isResult(kept.callback.kind)) return fail({ kind: 'UnknownPath', path: 'this response_url' });
  answeredBy(kept);
  checkFrom(platform, posted.from);
  const from = posted.from ?? kept.from;
  const { text, value } = await posted.body();
  check(parts, posted, { kind: kept.callback.kind, value });
  const to = receiverOf(parts.registry, kept.to);
  const message = { method: 'POST', url: kept.callback.url, body: text, from, to };
  return replyOf(await forward(parts, { ...message, correlation_id, mayBeEmpty: true }));
}
