import type { OwnedModuleDescriptor } from '../../module';

/** mod_cdrs: the hub's own Locations are `/{country_code}/{party_id}/{cdr_id}` below the Receiver endpoint. */
export const cdrs: OwnedModuleDescriptor = {
  identifier: 'cdrs',
  idField: 'id',
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    { interface: 'RECEIVER', method: 'POST', path: '', operation: 'push' },
    { interface: 'RECEIVER', method: 'GET', path: ':country_code/:party_id/:cdr_id', operation: 'get' },
  ],
};
