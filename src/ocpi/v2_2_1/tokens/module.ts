import type { OwnedModuleDescriptor, RequestDescriptor } from '../../module';
import { AuthorizationInfo, LocationReferences, Token } from './dto';

const OBJECT = ':country_code/:party_id/:token_uid';

/** Real-time authorization. */
const AUTHORIZE: RequestDescriptor = {
  from: ['CPO'],
  namedBy: 'token',
  body: LocationReferences,
  bodyIsOptional: true,
  answer: AuthorizationInfo,
};

/** mod_tokens. */
export const tokens: OwnedModuleDescriptor = {
  identifier: 'tokens',
  number: 5,
  sharing: { owners: ['EMSP', 'OTHER'], receivers: ['CPO'], concernsOne: false },
  idField: 'uid',
  dto: Token,
  receive: 'whole',
  push: 'PUT',
  deletable: false,
  levels: [],
  unknown: { status_code: 2004, what: 'token' },
  typed: { member: 'type', fallback: 'RFID' },
  names: 'token',
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
