import type { OwnedModuleDescriptor, RequestDescriptor } from '../../module';
import { LocationReferences } from './dto';

const OBJECT = ':country_code/:party_id/:token_uid';

/** Real-time authorization. */
const AUTHORIZE: RequestDescriptor = {
  from: ['CPO'],
  namedBy: 'token',
  body: LocationReferences,
  bodyIsOptional: true,
};

/** mod_tokens. */
export const tokens: OwnedModuleDescriptor = {
  identifier: 'tokens',
  idField: 'uid',
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    {
      interface: 'SENDER',
      method: 'POST',
      path: ':token_uid/authorize',
      operation: 'request',
      request: AUTHORIZE,
    },
    { interface: 'RECEIVER', method: 'GET', path: OBJECT, operation: 'get' },
    { interface: 'RECEIVER', method: 'PUT', path: OBJECT, operation: 'push' },
    { interface: 'RECEIVER', method: 'PATCH', path: OBJECT, operation: 'push' },
  ],
};
