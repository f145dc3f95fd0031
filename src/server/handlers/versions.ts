import type { InterfaceRole } from '../../domain/partner';
import { okWith } from '../../ocpi/envelope';
import { VERSION } from '../../ocpi/v2_2_1';
import type { OcpiCall, Route } from '../ocpi-call';
import { credentialsEndpoint } from './credentials';
import { hubclientinfoEndpoint } from './hubclientinfo';

/** A line of the version details; `path` is below /ocpi. */
export interface EndpointEntry {
  identifier: string;
  role: InterfaceRole;
  path: string;
}

const OPENS = ['A', 'B', 'C'] as const;

const urlOf = (call: OcpiCall, path: string): string => `${call.context.config.publicUrl}/ocpi/${path}`;

/**
 * Versions and version details (spec: version_information_endpoint; HUB-SEMANTICS 10, 11).
 * @param endpoints the functional modules as they are mounted; the configuration modules are added here.
 */
export function versionsRoutes(endpoints: () => readonly EndpointEntry[]): Route[] {
  const versions: Route = {
    method: 'GET',
    pattern: 'versions',
    opens: OPENS,
    handle: async (call) => okWith([{ version: VERSION, url: urlOf(call, VERSION) }]),
  };
  const details: Route = {
    method: 'GET',
    pattern: VERSION,
    opens: OPENS,
    handle: async (call) => {
      const entries = [credentialsEndpoint, hubclientinfoEndpoint, ...endpoints()];
      const listed = entries.map(({ identifier, role, path }) => ({
        identifier,
        role,
        url: urlOf(call, path),
      }));
      return okWith({ version: VERSION, endpoints: listed });
    },
  };
  return [versions, details];
}
