import type { OwnedModuleDescriptor, RequestDescriptor } from '../../module';
import { ChargingPreferences } from './dto';

const OBJECT = ':country_code/:party_id/:session_id';

const PREFERENCES: RequestDescriptor = {
  from: ['EMSP', 'OTHER'],
  namedBy: 'session',
  body: ChargingPreferences,
};

/** mod_sessions. */
export const sessions: OwnedModuleDescriptor = {
  identifier: 'sessions',
  idField: 'id',
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    {
      interface: 'SENDER',
      method: 'PUT',
      path: ':session_id/charging_preferences',
      operation: 'request',
      request: PREFERENCES,
    },
    { interface: 'RECEIVER', method: 'GET', path: OBJECT, operation: 'get' },
    { interface: 'RECEIVER', method: 'PUT', path: OBJECT, operation: 'push' },
    { interface: 'RECEIVER', method: 'PATCH', path: OBJECT, operation: 'push' },
  ],
};
