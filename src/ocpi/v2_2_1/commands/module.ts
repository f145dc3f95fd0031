import type { ModuleDescriptor, OperationDescriptor } from '../../module';

const COMMANDS = ['START_SESSION', 'STOP_SESSION', 'RESERVE_NOW', 'CANCEL_RESERVATION', 'UNLOCK_CONNECTOR'];

/** mod_commands: the eMSP is the Sender, it calls the CPO's Receiver interface. */
export const commands: ModuleDescriptor = {
  identifier: 'commands',
  operations: COMMANDS.map((path): OperationDescriptor => ({
    interface: 'RECEIVER',
    method: 'POST',
    path,
    operation: 'request',
  })),
};
