import type { OwnedModuleDescriptor } from '../../module';

const OBJECT = ':country_code/:party_id/:tariff_id';

/** mod_tariffs: PUT and DELETE, no PATCH. */
export const tariffs: OwnedModuleDescriptor = {
  identifier: 'tariffs',
  idField: 'id',
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    { interface: 'RECEIVER', method: 'GET', path: OBJECT, operation: 'get' },
    { interface: 'RECEIVER', method: 'PUT', path: OBJECT, operation: 'push' },
    { interface: 'RECEIVER', method: 'DELETE', path: OBJECT, operation: 'push' },
  ],
};
