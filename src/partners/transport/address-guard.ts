import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import * as ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import type { PartnerUrls } from '../../config';

/*
 * Partner URLs are untrusted. `public` (PARTNER_URLS) refuses plain http and every address that is not a public one,
 * at connect time, after DNS: a name that pointed elsewhere when it was checked does not help. `any` lets all through.
 */

/** The hub will not connect there. */
export class AddressBlocked extends Error {}

/** ipaddr.js' name for addresses that are nobody's special ones. */
const PUBLIC_RANGE = 'unicast';

/** A public address; IPv4 within IPv6 (mapped, NAT64, 6to4) counts as special. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return false;
  return ipaddr.process(bare).range() === PUBLIC_RANGE;
}

/** Why a URL may not be used, undefined if it may. Only http(s) without userinfo, whatever the policy. */
export function refusalOf(text: string, policy: PartnerUrls): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or a password';
  if (policy === 'any') return undefined;
  if (url.protocol !== 'https:') return 'must be an https URL';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host) ? 'must not point to a private address' : undefined;
}

/** Opens connections under the policy. */
export function guardedConnector(policy: PartnerUrls, timeoutMs: number): buildConnector.connector {
  if (policy === 'any') return buildConnector({ timeout: timeoutMs });
  const connect = buildConnector({ timeout: timeoutMs, lookup: publicLookup });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host))
      callback(new AddressBlocked(`${host} is not a public address`), null);
    else connect(options, callback);
  };
}

/** Names resolve to their public addresses alone. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, [], 0);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const first = open[0];
    if (!first) return callback(new AddressBlocked(`${hostname} has no public address`), [], 0);
    return options.all === true
      ? callback(null, open satisfies LookupAddress[])
      : callback(null, first.address, first.family);
  });
};
