import type { OwnedModuleDescriptor } from '../../module';
import { CDR_TOKEN, SESSION_LIKE } from '../types/sharing';
import { CDR } from './dto';

/** mod_cdrs: the hub's own Locations are `/{country_code}/{party_id}/{cdr_id}` below the Receiver endpoint. */
export const cdrs: OwnedModuleDescriptor = {
  identifier: 'cdrs',
  number: 4,
  sharing: SESSION_LIKE,
  idField: 'id',
  dto: CDR,
  receive: 'once',
  push: 'POST',
  deletable: false,
  levels: [],
  unknown: { status_code: 2001, what: 'object in cdrs' },
  concerned: CDR_TOKEN,
  pilesUp: true,
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    { interface: 'RECEIVER', method: 'POST', path: '', operation: 'push' },
    { interface: 'RECEIVER', method: 'GET', path: ':country_code/:party_id/:cdr_id', operation: 'get' },
  ],
};
