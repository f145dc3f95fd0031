import { ownCredentials } from '../../hub/credentials/credentials';
import {
  receiveRegistration,
  receiveUpdate,
  unregister,
  type CredentialsCall,
} from '../../hub/credentials/receive';
import { isRefusal, OcpiFailure } from '../../errors';
import { OK, okWith, type Reply } from '../../ocpi/envelope';
import type { Version } from '../../ocpi/version';
import { readJson } from '../body';
import { replyTo } from '../error-replies';
import { type EndpointEntry, type Handler, type OcpiCall, type Route, pagingRules } from '../ocpi-call';
import { versions } from '../../ocpi/versions';
import { listClientInfo } from '../../hub/hubclientinfo/list';
import { endpointPath, endpointUrl, type EndpointName } from '../../ocpi/urls';

/** Once, as SENDER (semantics 11). */
export function credentialsEndpoint({ number, credentials }: Version): EndpointEntry {
  const { identifier } = credentials;
  return { identifier, role: 'SENDER', path: `${number}/${identifier}` };
}

function callOf(call: OcpiCall, version: Version): CredentialsCall {
  const { caller, correlation_id } = call;
  return { caller, version, correlationId: correlation_id, body: () => readJson(call) };
}

/** Handles a registration; one that is refused leaves a trace, in the words of its answer. */
function traced(handle: Handler): Handler {
  return async (call): Promise<Reply> => {
    try {
      return await handle(call);
    } catch (error) {
      if (error instanceof OcpiFailure && isRefusal(error)) trace(call, replyTo(error.error).status_message);
      throw error;
    }
  };
}

function trace({ context, caller, method, correlation_id, request }: OcpiCall, reason = ''): void {
  const { partner } = caller;
  const kind = `${method} credentials`;
  const address = request.socket.remoteAddress;
  context.refusals.note({ partner, kind, reason, correlation_id, address });
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
      handle: traced(async (call) => okWith(await receiveRegistration(call.context, callOf(call, version)))),
    },
    {
      method: 'PUT',
      pattern,
      opens: ['A', 'C', 'SUPERSEDED'],
      handle: traced(async (call) => okWith(await receiveUpdate(call.context, callOf(call, version)))),
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

/* Versions and version details (spec: version_information_endpoint; semantics 10, 11). */

const OPENS = ['A', 'B', 'C'] as const;

const urlOf = (call: OcpiCall, path: string): string => `${call.context.config.publicUrl}/ocpi/${path}`;

/** The versions that the hub serves. */
export const versionsRoute: Route = {
  method: 'GET',
  pattern: 'versions',
  opens: OPENS,
  handle: async (call) =>
    okWith(versions.map(({ number }) => ({ version: number, url: urlOf(call, number) }))),
};

/**
 * The details of a version.
 * @param endpoints the functional modules as they are mounted; the configuration modules are added here.
 */
export function detailsRoute(version: Version, endpoints: readonly EndpointEntry[]): Route {
  const entries = [credentialsEndpoint(version), hubclientinfoEndpoint(version), ...endpoints];
  return {
    method: 'GET',
    pattern: version.number,
    opens: OPENS,
    handle: async (call) => {
      const listed = entries.map(({ identifier, role, path }) => ({
        identifier,
        role,
        url: urlOf(call, path),
      }));
      return okWith({ version: version.number, endpoints: listed });
    },
  };
}

const nameOf = (version: Version): EndpointName => ({
  version,
  module: version.hubclientinfo.identifier,
  interface: 'SENDER',
});

/** A hub only sends it. */
export function hubclientinfoEndpoint(version: Version): EndpointEntry {
  const name = nameOf(version);
  return { identifier: name.module, role: name.interface, path: endpointPath(name) };
}

/** The Sender interface of hubclientinfo (spec: mod_hub_client_info; semantics 42). */
export function hubclientinfoRoutes(version: Version): Route[] {
  const name = nameOf(version);
  return [
    {
      method: 'GET',
      pattern: endpointPath(name),
      opens: ['C'],
      handle: async (call) => {
        const { context, caller, query } = call;
        return listClientInfo(context.registry, {
          viewer: caller.partner,
          query,
          url: endpointUrl(context.config.publicUrl, name),
          rules: pagingRules(call),
        });
      },
    },
  ];
}
