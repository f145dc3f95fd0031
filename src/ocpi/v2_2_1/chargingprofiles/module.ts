import type { ModuleDescriptor } from '../../module';

/** mod_charging_profiles. */
export const chargingprofiles: ModuleDescriptor = {
  identifier: 'chargingprofiles',
  operations: [
    { interface: 'RECEIVER', method: 'GET', path: ':session_id', operation: 'request' },
    { interface: 'RECEIVER', method: 'PUT', path: ':session_id', operation: 'request' },
    { interface: 'RECEIVER', method: 'DELETE', path: ':session_id', operation: 'request' },
    { interface: 'SENDER', method: 'PUT', path: ':session_id', operation: 'request' },
  ],
};
