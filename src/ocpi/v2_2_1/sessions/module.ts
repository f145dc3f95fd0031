import type { OwnedModuleDescriptor, RequestDescriptor } from '../../module';
import { CDR_TOKEN, SESSION_LIKE } from '../types/sharing';
import { ChargingPreferences, Session } from './dto';

const OBJECT = ':country_code/:party_id/:session_id';

const PREFERENCES: RequestDescriptor = {
  from: ['EMSP', 'OTHER'],
  namedBy: 'session',
  body: ChargingPreferences,
  answer: 'ChargingPreferencesResponse',
};

/** mod_sessions. */
export const sessions: OwnedModuleDescriptor = {
  identifier: 'sessions',
  number: 3,
  sharing: SESSION_LIKE,
  idField: 'id',
  dto: Session,
  receive: 'whole',
  push: 'PUT',
  deletable: false,
  levels: [],
  unknown: { status_code: 2001, what: 'object in sessions' },
  concerned: CDR_TOKEN,
  appended: 'charging_periods',
  names: 'session',
  passedOnTo: 'SCSP',
  pilesUp: true,
  needsDateFrom: true,
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
