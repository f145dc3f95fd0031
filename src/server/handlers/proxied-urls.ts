import { relayCdr } from '../../hub/relay/cdr-location';
import { relayResult } from '../../hub/relay/response-url';
import { endpointPath } from '../../ocpi/urls';
import type { Partner } from '../../domain/partner';
import type { PartyId } from '../../domain/party';
import type { AnswerSides } from '../../errors';
import { readRoutingHeaders } from '../../ocpi/headers';
import type { ModuleID } from '../../ocpi/module';
import { withRoutingHeaders } from '../act-on-route';
import { readJsonBody } from '../body';
import type { OcpiCall, Route } from '../ocpi-call';

/*
 * URLs that the hub handed out in place of partners' own: response_urls of commands and charging profiles, Locations
 * of relayed CDRs (HUB-SEMANTICS 25, 26). Whose they are stands behind their name, not in the headers.
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

const resultRoute = (module: ModuleID): Route => ({
  method: 'POST',
  pattern: `${endpointPath({ module, interface: 'SENDER' })}/:response_url_id`,
  opens: ['C'],
  handle: (call) =>
    withRoutingHeaders(hubAnswers(call), async () => {
      const posted = openedBy(call, call.params.response_url_id);
      return relayResult(call.context, { ...posted, module, body: () => readJsonBody(call) });
    }),
});

const cdrRoute: Route = {
  method: 'GET',
  pattern: `${endpointPath({ module: 'cdrs', interface: 'RECEIVER' })}/:location_url_id`,
  opens: ['C'],
  handle: (call) =>
    withRoutingHeaders(hubAnswers(call), async () =>
      relayCdr(call.context, openedBy(call, call.params.location_url_id)),
    ),
};

/** Every URL of that kind. */
export const proxiedUrlRoutes: Route[] = [resultRoute('commands'), resultRoute('chargingprofiles'), cdrRoute];
