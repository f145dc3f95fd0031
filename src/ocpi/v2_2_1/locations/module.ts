import type { OperationDescriptor, OwnedModuleDescriptor } from '../../module';

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
  idField: 'id',
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    ...senderGets,
    ...receiver,
  ],
};
