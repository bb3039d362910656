import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { BlockList, isIPv6, type LookupFunction } from "node:net";

/** IPv4 of this machine, of its network, of clouds' own services, or of nobody. */
const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, "ipv4");
}
/** IPv6 that carries an IPv4 address, which may be any. */
for (const [net, prefix] of [
  ["2001::", 32],
  ["2002::", 16],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, "ipv6");
}
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet("2000::", 3, "ipv6");

/**
 * Looks a name up as connections do, and refuses one that leads to a host of this network: what a provider names is
 * fetched from the internet. It is asked at the very connection, so that a name cannot change in between.
 */
export function publicLookup(lookup: typeof systemLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
      if (error) return callback(error, []);
      const [first] = found;
      if (!first || !found.every(isPublic)) {
        return callback(new Error(`"${hostname}" is no host of the internet, and not the one of "base_url"`), []);
      }
      if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

function isPublic({ address }: LookupAddress): boolean {
  if (!isIPv6(address)) return !NOT_PUBLIC.check(address, "ipv4");
  return !address.includes("%") && GLOBAL_V6.check(address, "ipv6") && !NOT_PUBLIC.check(address, "ipv6");
}
