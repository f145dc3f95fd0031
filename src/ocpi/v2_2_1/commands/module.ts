import type { ModuleDescriptor, OperationDescriptor, RequestDescriptor } from '../../module';
import {
  CancelReservation,
  CommandResponse,
  ReserveNow,
  StartSession,
  StopSession,
  UnlockConnector,
} from './dto';

const FROM = ['EMSP', 'OTHER', 'NSP', 'SCSP'] as const;

const COMMANDS: Record<string, Pick<RequestDescriptor, 'namedBy' | 'body'>> = {
  START_SESSION: { namedBy: 'location', body: StartSession },
  STOP_SESSION: { namedBy: 'session', body: StopSession },
  RESERVE_NOW: { namedBy: 'location', body: ReserveNow },
  CANCEL_RESERVATION: { namedBy: 'reservation', body: CancelReservation },
  UNLOCK_CONNECTOR: { namedBy: 'location', body: UnlockConnector },
};

/** mod_commands: the eMSP is the Sender, it calls the CPO's Receiver interface. */
export const commands: ModuleDescriptor = {
  identifier: 'commands',
  operations: Object.entries(COMMANDS).map(([path, command]): OperationDescriptor => ({
    interface: 'RECEIVER',
    method: 'POST',
    path,
    operation: 'request',
    request: { from: FROM, answer: CommandResponse, result: 'CommandResult', ...command },
  })),
};
