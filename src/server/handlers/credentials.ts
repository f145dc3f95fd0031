import {
  ownCredentials,
  receiveRegistration,
  receiveUpdate,
  unregister,
  type CredentialsCall,
} from '../../hub/credentials/credentials';
import { OK, okWith } from '../../ocpi/envelope';
import { VERSION } from '../../ocpi/v2_2_1';
import { readJson } from '../body';
import type { Exchange, Route } from '../exchange';

/** Once, as SENDER (HUB-SEMANTICS 11). */
export const credentialsEndpoint = {
  identifier: 'credentials',
  role: 'SENDER' as const,
  path: `${VERSION}/credentials`,
};

function callOf(exchange: Exchange): CredentialsCall {
  const { caller, correlation_id } = exchange;
  return { caller, version: VERSION, correlationId: correlation_id, body: () => readJson(exchange) };
}

const pattern = credentialsEndpoint.path;

/** The credentials endpoint (spec: credentials; HUB-SEMANTICS 13 to 17). */
export const credentialsRoutes: Route[] = [
  {
    method: 'GET',
    pattern,
    opens: ['A', 'C'],
    handle: async ({ context, caller }) => okWith(ownCredentials(context, caller.token)),
  },
  {
    method: 'POST',
    pattern,
    opens: ['A', 'C'],
    handle: async (exchange) => okWith(await receiveRegistration(exchange.context, callOf(exchange))),
  },
  {
    method: 'PUT',
    pattern,
    opens: ['A', 'C', 'SUPERSEDED'],
    handle: async (exchange) => okWith(await receiveUpdate(exchange.context, callOf(exchange))),
  },
  {
    method: 'DELETE',
    pattern,
    opens: ['A', 'C'],
    handle: async (exchange) => {
      await unregister(exchange.context, callOf(exchange));
      return OK;
    },
  },
];
