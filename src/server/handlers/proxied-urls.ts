import { relayCdr } from '../../hub/relay/cdr-location';
import { relayResult } from '../../hub/relay/response-url';
import { endpointPath } from '../../ocpi/urls';
import type { Partner } from '../../domain/partner';
import type { PartyId } from '../../domain/party';
import type { AnswerSides } from '../../errors';
import { readRoutingHeaders } from '../../ocpi/headers';
import { resultsOf, type ModuleDescriptor, type OwnedModuleDescriptor } from '../../ocpi/module';
import type { Version } from '../../ocpi/version';
import { withRoutingHeaders } from '../act-on-route';
import { readJsonBody } from '../body';
import type { OcpiCall, Route } from '../ocpi-call';

/*
 * URLs that the hub handed out in place of partners' own: response_urls of commands and charging profiles, Locations
 * of relayed CDRs (semantics 25, 26). Whose they are stands behind their name, not in the headers.
 */

interface OpenedBy {
  name: string;
  platform: Partner;
  from: PartyId | undefined;
  correlation_id: string;
}

/** The name in the path, and who opens it. @throws Invalid for half a pair of routing headers */
function openedBy(call: OcpiCall, name: string | undefined): OpenedBy {
  const { from } = readRoutingHeaders(call.headers);
  return { name: name ?? '', platform: call.caller.partner, from, correlation_id: call.correlation_id };
}

const hubAnswers = ({ context }: OcpiCall): AnswerSides => ({ from: context.registry.hub });

const resultRoute = (version: Version, module: ModuleDescriptor): Route => ({
  method: 'POST',
  pattern: `${endpointPath({ version, module: module.identifier, interface: 'SENDER' })}/:response_url_id`,
  opens: ['C'],
  handle: (call) =>
    withRoutingHeaders(hubAnswers(call), async () => {
      const posted = openedBy(call, call.params.response_url_id);
      return relayResult(call.context, { ...posted, module, body: () => readJsonBody(call) });
    }),
});

const locationRoute = (version: Version, module: OwnedModuleDescriptor): Route => ({
  method: 'GET',
  pattern: `${endpointPath({ version, module: module.identifier, interface: 'RECEIVER' })}/:location_url_id`,
  opens: ['C'],
  handle: (call) =>
    withRoutingHeaders(hubAnswers(call), async () =>
      relayCdr(call.context, { ...openedBy(call, call.params.location_url_id), module }),
    ),
});

/** Every URL of that kind. */
export function proxiedUrlRoutes(version: Version): Route[] {
  const { functionalModules, ownedModules } = version;
  const asking = functionalModules.filter((module) => resultsOf(module).length > 0);
  const posted = ownedModules.filter(({ push }) => push === 'POST');
  return [
    ...asking.map((module) => resultRoute(version, module)),
    ...posted.map((module) => locationRoute(version, module)),
  ];
}
