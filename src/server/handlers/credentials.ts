import { ownCredentials } from '../../hub/credentials/credentials';
import {
  receiveRegistration,
  receiveUpdate,
  unregister,
  type CredentialsCall,
} from '../../hub/credentials/receive';
import { OK, okWith } from '../../ocpi/envelope';
import type { Version } from '../../ocpi/version';
import { readJson } from '../body';
import type { EndpointEntry, OcpiCall, Route } from '../ocpi-call';

/** Once, as SENDER (semantics 11). */
export function credentialsEndpoint({ number, credentials }: Version): EndpointEntry {
  const { identifier } = credentials;
  return { identifier, role: 'SENDER', path: `${number}/${identifier}` };
}

function callOf(call: OcpiCall, version: Version): CredentialsCall {
  const { caller, correlation_id } = call;
  return { caller, version, correlationId: correlation_id, body: () => readJson(call) };
}

/** The credentials endpoint (spec: credentials; semantics 13 to 17). */
export function credentialsRoutes(version: Version): Route[] {
  const pattern = credentialsEndpoint(version).path;
  return [
    {
      method: 'GET',
      pattern,
      opens: ['A', 'C'],
      handle: async ({ context, caller }) => okWith(ownCredentials(context, version, caller.token)),
    },
    {
      method: 'POST',
      pattern,
      opens: ['A', 'C'],
      handle: async (call) => okWith(await receiveRegistration(call.context, callOf(call, version))),
    },
    {
      method: 'PUT',
      pattern,
      opens: ['A', 'C', 'SUPERSEDED'],
      handle: async (call) => okWith(await receiveUpdate(call.context, callOf(call, version))),
    },
    {
      method: 'DELETE',
      pattern,
      opens: ['A', 'C'],
      handle: async (call) => {
        await unregister(call.context, callOf(call, version));
        return OK;
      },
    },
  ];
}
