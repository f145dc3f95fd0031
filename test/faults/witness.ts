import { asText, isObject } from '../../src/simulator/json';
import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { ReceivedRequest } from '../../src/simulator/types';
import type { Received } from './history';
import { statesOfPush } from './states';

/** Writes down what a receiving platform of one party gets, and what it accepted. */
export class Witness {
  private readonly accepted = new Set<string>();

  constructor(readonly platform: SimulatedPlatform) {
    platform.observe = ({ direction, headers, http = 0, status = 0 }) => {
      const fine = direction === 'received' && http >= 200 && http < 300 && status >= 1000 && status < 2000;
      if (fine) this.accepted.add(headers['x-request-id'] ?? '');
    };
  }

  /** The platform's party, `CC/PARTY`. */
  get party(): string {
    const [party] = this.platform.parties;
    return `${party?.country_code}/${party?.party_id}`;
  }

  /** Every push to it so far. */
  received(): Received[] {
    return this.platform.received
      .filter((request) => request.role === 'RECEIVER' && request.method !== 'GET')
      .map((request) => this.push(request));
  }

  private push(request: ReceivedRequest): Received {
    const { headers, module = '', method, at, body } = request;
    return {
      receiver: this.party,
      module,
      method,
      at,
      body,
      from: routing(headers, 'from'),
      to: routing(headers, 'to'),
      owner: ownerOf(request),
      states: statesOfPush(request),
      taken: this.accepted.has(headers['x-request-id'] ?? ''),
    };
  }
}

function routing(headers: Record<string, string>, direction: 'from' | 'to'): string {
  return `${headers[`ocpi-${direction}-country-code`]}/${headers[`ocpi-${direction}-party-id`]}`;
}

function ownerOf({ segments, json }: ReceivedRequest): string {
  const [country_code, party_id] = segments;
  if (country_code !== undefined) return `${country_code}/${party_id}`;
  return isObject(json) ? `${asText(json.country_code)}/${asText(json.party_id)}` : '';
}
