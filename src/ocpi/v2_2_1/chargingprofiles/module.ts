import type { ModuleDescriptor, OperationDescriptor, RequestDescriptor } from '../../module';
import { ActiveChargingProfile, ChargingProfileResponse, SetChargingProfile } from './dto';

const BY_SESSION = {
  from: ['EMSP', 'SCSP', 'OTHER'],
  namedBy: 'session',
  answer: ChargingProfileResponse,
} as const;

/** A CPO tells of a changed profile; an eMSP passes it on to its SCSP. */
const CHANGED: RequestDescriptor = {
  from: ['CPO', 'EMSP', 'OTHER'],
  namedBy: 'profile setter',
  body: ActiveChargingProfile,
  answersNothing: true,
};

function receiver(method: OperationDescriptor['method'], request: RequestDescriptor): OperationDescriptor {
  return { interface: 'RECEIVER', method, path: ':session_id', operation: 'request', request };
}

/** mod_charging_profiles. */
export const chargingprofiles: ModuleDescriptor = {
  identifier: 'chargingprofiles',
  operations: [
    receiver('GET', { ...BY_SESSION, result: 'ActiveChargingProfileResult' }),
    receiver('PUT', { ...BY_SESSION, body: SetChargingProfile, result: 'ChargingProfileResult' }),
    receiver('DELETE', { ...BY_SESSION, result: 'ClearProfileResult' }),
    { interface: 'SENDER', method: 'PUT', path: ':session_id', operation: 'request', request: CHANGED },
  ],
};
