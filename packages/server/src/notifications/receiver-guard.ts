import { type LookupAddress, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { promisify } from "node:util";
import { InvalidInputError, isPublicAddress, type ReceiverGuard } from "@sluice/engine";

/** Resolves a name as a connection would. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface GuardOptions {
  /** Receivers on this machine and its network are fine too. */
  readonly allowPrivate: boolean;
  /** Only tests have one of their own. */
  readonly resolve?: Resolve | undefined;
}

export interface NetworkGuard extends ReceiverGuard {
  /**
   * The parts of an address, checked for everything but where its name leads.
   *
   * @throws InvalidInputError
   */
  read(url: string): URL;
  /**
   * For a connection's `lookup`: refuses names by the very addresses that are connected to, so that a name which led
   * elsewhere when it was checked gains nothing.
   */
  readonly lookup: LookupFunction;
}

const MAX_LENGTH = 2_000;

/** A connection that was refused before anything was sent. */
export class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";
}

const refusal = (hostname: string): string =>
  `${hostname} leads to a private address. Sluice sends there only with SLUICE_WEBHOOKS_PRIVATE=on.`;

export function receiverGuard({ allowPrivate, resolve = resolveAll }: GuardOptions): NetworkGuard {
  const read = (text: string): URL => {
    const url = URL.parse(text.trim());
    if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
      throw new InvalidInputError("A webhook's address begins with https:// or http://.", "url");
    }
    if (url.username || url.password) {
      throw new InvalidInputError("The address holds a user name or a password. Verify the signature instead.", "url");
    }
    if (url.href.length > MAX_LENGTH) {
      throw new InvalidInputError(`The address is longer than ${MAX_LENGTH} characters.`, "url");
    }
    url.hash = "";
    // The parser has made decimal, octal and hexadecimal forms of an IP address into the usual one.
    const host = hostOf(url);
    if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) {
      throw new InvalidInputError(refusal(host), "url");
    }
    return url;
  };
  const addressesOf = async (hostname: string): Promise<readonly LookupAddress[]> => {
    const addresses = await resolve(hostname);
    // One private address among several is one too many: which of them is connected to is not ours to say.
    if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
      throw new RefusedAddressError(refusal(hostname));
    }
    return addresses;
  };
  return {
    read,
    async check(text) {
      const url = read(text);
      const host = hostOf(url);
      if (isIP(host) !== 0) return url.href;
      const addresses = await addressesOf(host).catch((error: unknown) => {
        if (error instanceof RefusedAddressError) throw new InvalidInputError(error.message, "url");
        throw new InvalidInputError(`There is no ${host}: the name cannot be resolved from this server.`, "url");
      });
      if (addresses.length === 0) throw new InvalidInputError(`${host} has no address.`, "url");
      return url.href;
    },
    lookup(hostname, options, callback) {
      addressesOf(hostname).then(
        (addresses) => {
          const [first] = addresses;
          if (!first) return callback(new Error(`${hostname} has no address.`), "");
          if (options.all) return callback(null, [...addresses]);
          return callback(null, first.address, first.family);
        },
        (error: Error) => callback(error, ""),
      );
    },
  };
}

/** The name or address of the host, without the brackets of IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

const resolveAll: Resolve = (hostname) => promisify(lookup)(hostname, { all: true, verbatim: true });
