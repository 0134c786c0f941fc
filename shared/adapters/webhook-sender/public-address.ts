import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ReportError } from '../../domain/errors.ts';

/** The whole IPv6 range that addresses are allocated from. Outside it, there are legacy forms of IPv4 addresses. */
const HANDED_OUT = ipaddr.parseCIDR('2000::/3');

/**
 * Returns whether an IP address belongs to the public internet: not private, loopback, link-local (metadata servers),
 * shared, mapped, multicast or reserved.
 */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(HANDED_OUT));
}

function refused(host: string, kind: 'permanent' | 'transient'): ReportError {
  return new ReportError('ADDRESS_REFUSED', `${host} is not at a public address`, { kind });
}

/**
 * Throws (permanent) if the URL's host is written as an address that is not public. A host that is written as an
 * address is never looked up.
 */
export function refusePrivateLiteral({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublic(address)) throw refused(hostname, 'permanent');
}

/** Looks up all addresses of a host. */
export type Resolve = (
  host: string,
  options: { all: true; family?: number | undefined },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Returns a `lookup` for a connection. It fails (transient, because names can move) unless every address of the host is
 * public. The connection is made to exactly the addresses that were checked, so that a name that resolves differently a
 * moment later (DNS rebinding) gains nothing.
 */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (host, { all, family }, callback) => {
    resolve(host, { all: true, family: family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error) callback(error, '');
      else if (!first || !addresses.every(({ address }) => isPublic(address))) callback(refused(host, 'transient'), '');
      else if (all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
