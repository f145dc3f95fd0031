import { ownCredentials } from '../../hub/credentials/credentials';
import {
  receiveRegistration,
  receiveUpdate,
  unregister,
  type CredentialsCall,
} from '../../hub/credentials/receive';
import { OK, okWith } from '../../ocpi/envelope';
import { VERSION } from '../../ocpi/v2_2_1';
import { readJson } from '../body';
import type { OcpiCall, Route } from '../ocpi-call';

/** Once, as SENDER (HUB-SEMANTICS 11). */
export const credentialsEndpoint = {
  identifier: 'credentials',
  role: 'SENDER' as const,
  path: `${VERSION}/credentials`,
};

function callOf(call: OcpiCall): CredentialsCall {
  const { caller, correlation_id } = call;
  return { caller, version: VERSION, correlationId: correlation_id, body: () => readJson(call) };
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
    handle: async (call) => okWith(await receiveRegistration(call.context, callOf(call))),
  },
  {
    method: 'PUT',
    pattern,
    opens: ['A', 'C', 'SUPERSEDED'],
    handle: async (call) => okWith(await receiveUpdate(call.context, callOf(call))),
  },
  {
    method: 'DELETE',
    pattern,
    opens: ['A', 'C'],
    handle: async (call) => {
      await unregister(call.context, callOf(call));
      return OK;
    },
  },
];
