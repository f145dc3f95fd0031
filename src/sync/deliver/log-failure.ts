import type { ReceiverAnswer } from '../../domain/push-verdict';
import { partyWords } from '../../domain/party';
import { moduleName } from '../../ocpi/versions';
import type { SyncContext } from '../context';

/** A delivery that its receiver did not take. */
export interface FailedDelivery {
  /** The number of the receiving party. */
  receiver: number;
  /** The number of the module. */
  module: number;
  object_id: string | undefined;
  reason: string;
  told: ReceiverAnswer | undefined;
}

/** One line per delivery that failed: whose, which object, and what the receiver said. */
export function logFailure(
  { log, registry, refusing }: Pick<SyncContext, 'log' | 'registry' | 'refusing'>,
  { receiver, module, told, ...failed }: FailedDelivery,
): void {
  const party = registry.partyByNumber(receiver);
  const { body: _, ...answer } = told ?? { body: null };
  const who = {
    ...(typeof party?.partner === 'string' ? registry.partnerInLog(party.partner) : {}),
    party: party && partyWords(party),
  };
  log.warn({ ...who, module: moduleName(module), ...failed, ...answer }, 'a delivery failed');
  refusing.failed(receiver, module);
}
