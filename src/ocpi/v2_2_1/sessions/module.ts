import type { OwnedModuleDescriptor } from '../../module';

const OBJECT = ':country_code/:party_id/:session_id';

/** mod_sessions. */
export const sessions: OwnedModuleDescriptor = {
  identifier: 'sessions',
  idField: 'id',
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    { interface: 'SENDER', method: 'PUT', path: ':session_id/charging_preferences', operation: 'request' },
    { interface: 'RECEIVER', method: 'GET', path: OBJECT, operation: 'get' },
    { interface: 'RECEIVER', method: 'PUT', path: OBJECT, operation: 'push' },
    { interface: 'RECEIVER', method: 'PATCH', path: OBJECT, operation: 'push' },
  ],
};
