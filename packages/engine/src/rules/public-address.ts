import { BlockList, isIP } from "node:net";

/** IPv4 that leads to this machine, its network, or nowhere: IANA's special-purpose registry, and clouds' metadata. */
const SPECIAL_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Azure's own agent, under an address that looks public.
  ["168.63.129.16", 32],
  // Holds 169.254.169.254, where clouds keep the credentials of their machines.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** Within 2000::/3, what is no host of the internet, or carries an IPv4 address that nobody has checked (Teredo, 6to4). */
const SPECIAL_V6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const v4 = new BlockList();
for (const [net, prefix] of SPECIAL_V4) v4.addSubnet(net, prefix, "ipv4");
const v6 = new BlockList();
for (const [net, prefix] of SPECIAL_V6) v6.addSubnet(net, prefix, "ipv6");
const globalV6 = new BlockList();
globalV6.addSubnet("2000::", 3, "ipv6");

/**
 * Whether an IP address is a host of the public internet. For IPv6 what is public is listed, not what is not: loopback,
 * link-local, unique local, multicast, and every form that carries an IPv4 address are outside of it.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !v4.check(address, "ipv4");
    case 6:
      // With a zone it is of a link, whatever else it is.
      return !address.includes("%") && globalV6.check(address, "ipv6") && !v6.check(address, "ipv6");
    default:
      return false;
  }
}
