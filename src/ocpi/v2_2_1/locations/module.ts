import type { OperationDescriptor, OwnedModuleDescriptor } from '../../module';
import { LOCATION_LIKE } from '../types/sharing';
import { Connector, EVSE, Location } from './dto';

const SENDER_PATHS = [':location_id', ':location_id/:evse_uid', ':location_id/:evse_uid/:connector_id'];

const senderGets = SENDER_PATHS.map((path): OperationDescriptor => ({
  interface: 'SENDER',
  method: 'GET',
  path,
  operation: 'get',
}));

const receiver = SENDER_PATHS.flatMap((below): OperationDescriptor[] => {
  const path = `:country_code/:party_id/${below}`;
  return [
    { interface: 'RECEIVER', method: 'GET', path, operation: 'get' },
    { interface: 'RECEIVER', method: 'PUT', path, operation: 'push' },
    { interface: 'RECEIVER', method: 'PATCH', path, operation: 'push' },
  ];
});

/** mod_locations. */
export const locations: OwnedModuleDescriptor = {
  identifier: 'locations',
  number: 1,
  sharing: LOCATION_LIKE,
  idField: 'id',
  dto: Location,
  receive: 'levels',
  push: 'PUT',
  deletable: false,
  levels: [
    { member: 'evses', idField: 'uid', what: 'EVSE', dto: EVSE },
    { member: 'connectors', idField: 'id', what: 'connector', dto: Connector },
  ],
  unknown: { status_code: 2003, what: 'location' },
  names: 'location',
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    ...senderGets,
    ...receiver,
  ],
};
