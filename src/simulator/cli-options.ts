import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Party } from './types';

export const USAGE = `usage: npm run simulate -- cpo|emsp --hub URL --token-a TOKEN [options]
       npm run simulate -- cpo|emsp --state FILE [options]
  --hub URL         the hub's base or its versions URL
  --token-a TOKEN   CREDENTIALS_TOKEN_A, as the hub's admin gave it out
  --feed FILE       objects to push: locations of a cpo, tokens of an emsp; generated where not given
  --party NL/ABC    country_code and party_id
  --seed N          of what is generated (1)
  --charge SECONDS  an emsp only: one charge at the first location it gets, by START_SESSION and STOP_SESSION
  --port P          of the platform (any free one)
  --state FILE      keeps the registration there (token, port): it comes back with it, without a new handshake;
                    without it Ctrl-C unregisters
  --verbose         each request, not only their number
  --help            this text`;

/** What the command line asks for. */
export interface CliOptions {
  party: Party;
  /** Where to register; undefined: a state is there. */
  invitation: { hub: string; tokenA: string } | undefined;
  /** File that keeps the registration. */
  state: string | undefined;
  verbose: boolean;
  feed: string | undefined;
  seed: number;
  port: number;
  /** Seconds that an eMSP's driver charges; no charge where undefined. */
  charge: number | undefined;
}

/** Reads the arguments after the script. @throws Error that says what is wrong */
export function readOptions(args: string[]): CliOptions {
  const text = { type: 'string' } as const;
  const options = {
    hub: text,
    'token-a': text,
    feed: text,
    party: text,
    seed: text,
    port: text,
    charge: text,
    state: text,
    verbose: { type: 'boolean', default: false } as const,
  };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { hub, 'token-a': tokenA, feed, charge, state, verbose } = values;
  const invitation = hub === undefined || tokenA === undefined ? undefined : { hub, tokenA };
  if (!invitation && (state === undefined || !existsSync(state)))
    throw new Error('--hub and --token-a are required, or a --state that is there');
  const party = readParty(positionals[0], values.party);
  if (charge !== undefined && party.role !== 'EMSP') throw new Error('--charge is for an emsp');
  return {
    party,
    invitation,
    state,
    verbose,
    feed,
    seed: whole('seed', values.seed ?? '1'),
    port: whole('port', values.port ?? '0'),
    charge: charge === undefined ? undefined : whole('charge', charge),
  };
}

function readParty(role: string | undefined, party: string | undefined): Party {
  if (role !== 'cpo' && role !== 'emsp') throw new Error('the first argument must be cpo or emsp');
  const text = party ?? (role === 'cpo' ? 'NL/CPO' : 'NL/MSP');
  const [, country_code, party_id] = /^([A-Za-z]{2})[/*-]([A-Za-z0-9]{1,3})$/.exec(text) ?? [];
  if (country_code === undefined || party_id === undefined) throw new Error('--party must look like NL/ABC');
  return { role: role === 'cpo' ? 'CPO' : 'EMSP', country_code, party_id, name: `Simulated ${text}` };
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number`);
  return Number(text);
}
