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

const COMMANDS: Record<string, Pick<RequestDescriptor, 'namedBy' | 'namedIn' | 'body'>> = {
  START_SESSION: { namedBy: 'location', namedIn: 'location_id', body: StartSession },
  STOP_SESSION: { namedBy: 'session', namedIn: 'session_id', body: StopSession },
  RESERVE_NOW: { namedBy: 'location', namedIn: 'location_id', body: ReserveNow },
  CANCEL_RESERVATION: { namedBy: 'reservation', namedIn: 'reservation_id', body: CancelReservation },
  UNLOCK_CONNECTOR: { namedBy: 'location', namedIn: 'location_id', body: UnlockConnector },
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
