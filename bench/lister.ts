import { SimulatedPlatform } from '../src/simulator/simulated-platform';
import { asObject, parseJson } from '../src/simulator/json';
import { PARTY, smallLocationText } from './locations';

/*
 * CPOs that list many small locations, a process of its own: the simulated platform, in pages of 1000, one CPO at a
 * time. It makes each page when it is asked for, as a partner does; the bare client and the hub get the same ones.
 */

const LIMIT = 1000;

export interface Order {
  count: number;
  party_id: string;
  versionsUrl: string;
  tokenA: string;
}

/** Where the bare client reads the list, and with which token. */
export interface Listed {
  url: string;
  token: string;
}

class Lister extends SimulatedPlatform {
  fill(count: number, party_id: string): void {
    for (let i = 0; i < count; i++) {
      const location = { ...asObject(parseJson(smallLocationText(i))), party_id };
      this.state.owned.set(`locations/${PARTY.country_code}/${party_id}/LOC${i}`, location);
    }
  }

  listed(): Listed {
    const token = 'bare-client';
    this.state.accepted.add(token);
    return { url: `http://127.0.0.1:${this.port}/ocpi/2.2.1/sender/locations?limit=${LIMIT}`, token };
  }
}

let last: Lister | undefined;

async function list({ count, party_id, versionsUrl, tokenA }: Order): Promise<Listed> {
  await last?.stop();
  const party = { role: 'CPO' as const, country_code: PARTY.country_code, party_id, name: party_id };
  const offered = [{ identifier: 'locations', role: 'SENDER' as const }];
  const lister = new Lister({ parties: [party], offered, pageLimit: LIMIT });
  lister.fill(count, party_id);
  await lister.start();
  await lister.register(versionsUrl, tokenA);
  last = lister;
  return lister.listed();
}

process.on('message', (order: Order) => {
  list(order).then(
    (listed) => process.send?.(listed),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
