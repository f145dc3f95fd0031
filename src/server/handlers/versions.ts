import { okWith } from '../../ocpi/envelope';
import type { Version } from '../../ocpi/version';
import { versions } from '../../ocpi/versions';
import type { EndpointEntry, OcpiCall, Route } from '../ocpi-call';
import { credentialsEndpoint } from './credentials';
import { hubclientinfoEndpoint } from './hubclientinfo';

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
