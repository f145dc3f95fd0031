import { relayCdr } from '../../hub/relay/cdr-location';
import { relayResult } from '../../hub/relay/response-url';
import { endpointPath } from '../../ocpi/urls';
import type { Party } from '../../domain/party';
import { readRoutingHeaders, type RoutingHeaders } from '../../ocpi/headers';
import type { ModuleID } from '../../ocpi/module';
import { withSides } from '../act-on-route';
import { readJsonBody } from '../body';
import type { Exchange, Route } from '../exchange';

/*
 * URLs that the hub handed out in place of partners' own: response_urls of commands and charging profiles, Locations
 * of relayed CDRs (HUB-SEMANTICS 25, 26). Whose they are stands behind their name, not in the headers.
 */

const sidesOf = (exchange: Exchange): RoutingHeaders => ({
  to: undefined,
  from: exchange.context.registry.hub,
});

/** Answers go back swapped: FROM the one it went to. */
const swap =
  (sides: RoutingHeaders) =>
  ({ from, to }: { from: Party; to: Party }): void =>
    void Object.assign(sides, { to: from, from: to });

const resultRoute = (module: ModuleID): Route => ({
  method: 'POST',
  pattern: `${endpointPath({ module, interface: 'SENDER' })}/:response_url_id`,
  opens: ['C'],
  handle: (exchange) => {
    const { context, caller, correlation_id } = exchange;
    const sides = sidesOf(exchange);
    const name = exchange.params.response_url_id ?? '';
    const posted = { name, module, platform: caller.partner, correlation_id };
    return withSides(sides, async () => {
      const { from } = readRoutingHeaders(exchange.headers);
      return relayResult(context, { ...posted, from, body: () => readJsonBody(exchange) }, swap(sides));
    });
  },
});

const cdrRoute: Route = {
  method: 'GET',
  pattern: `${endpointPath({ module: 'cdrs', interface: 'RECEIVER' })}/:location_url_id`,
  opens: ['C'],
  handle: (exchange) => {
    const { context, caller, correlation_id } = exchange;
    const sides = sidesOf(exchange);
    const cdr = { name: exchange.params.location_url_id ?? '', platform: caller.partner, correlation_id };
    return withSides(sides, async () => {
      const { from } = readRoutingHeaders(exchange.headers);
      return relayCdr(context, { ...cdr, from }, swap(sides));
    });
  },
};

/** Every URL of that kind. */
export const handedOutRoutes: Route[] = [resultRoute('commands'), resultRoute('chargingprofiles'), cdrRoute];
