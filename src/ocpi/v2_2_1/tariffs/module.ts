import type { OwnedModuleDescriptor } from '../../module';
import { LOCATION_LIKE } from '../types/sharing';
import { Tariff } from './dto';

const OBJECT = ':country_code/:party_id/:tariff_id';

/** mod_tariffs: PUT and DELETE, no PATCH. */
export const tariffs: OwnedModuleDescriptor = {
  identifier: 'tariffs',
  number: 2,
  sharing: LOCATION_LIKE,
  idField: 'id',
  dto: Tariff,
  receive: 'whole',
  push: 'PUT',
  deletable: true,
  levels: [],
  unknown: { status_code: 2001, what: 'object in tariffs' },
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    { interface: 'RECEIVER', method: 'GET', path: OBJECT, operation: 'get' },
    { interface: 'RECEIVER', method: 'PUT', path: OBJECT, operation: 'push' },
    { interface: 'RECEIVER', method: 'DELETE', path: OBJECT, operation: 'push' },
  ],
};
