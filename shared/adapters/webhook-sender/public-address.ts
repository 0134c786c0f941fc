import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ReportError } from '../../domain/errors.ts';

/** All of version 6 that is handed out: beside it there are old ways to write addresses of version 4. */
const HANDED_OUT = ipaddr.parseCIDR('2000::/3');

/** Whether an IP address is one of the public internet: not private, loopback, link-local (metadata servers), shared, mapped, multicast or reserved. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(HANDED_OUT));
}

function refused(host: string, kind: 'permanent' | 'transient'): ReportError {
  return new ReportError('ADDRESS_REFUSED', `${host} is not at a public address`, { kind });
}

/** Throws (permanent) if the URL's host is written as an address that is not public: such a host is never looked up. */
export function refusePrivateLiteral({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublic(address)) throw refused(hostname, 'permanent');
}

/** Finds a host's addresses, all of them. */
export type Resolve = (
  host: string,
  options: { all: true; family?: number | undefined },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * For a connection's `lookup`: fails (transient: names move) unless every address that the host has is public. The connection is made to the very addresses that were
 * looked at, so that a name which means something else a moment later gains nothing.
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
