import { BlockList, isIP, isIPv6 } from "node:net";

/** The two headers in which a proxy says whom it speaks for. */
export type ForwardedHeaders = Readonly<{ xForwardedFor: string | undefined; forwarded: string | undefined }>;

/**
 * Returns the function that tells a client's address: the peer's, unless the peer is a trusted proxy; then the last
 * address in its headers that is no trusted proxy's. `X-Forwarded-For` and `Forwarded` (RFC 7239) are believed alike,
 * but when they differ neither is: a proxy that writes one of them passes on the other as the client sent it.
 */
export function clientAddressReader(
  trustedProxies: readonly string[],
): (peer: string | undefined, headers: ForwardedHeaders) => string | undefined {
  const trusted = blockListOf(trustedProxies);
  return (peer, { xForwardedFor, forwarded }) => {
    if (peer === undefined || !contains(trusted, peer)) return peer;
    const claims = [xForwardedFor?.split(","), forwarded?.split(",").map(forOf)]
      .filter((list) => list !== undefined)
      .map((list) => lastUntrusted(list.map(addressOf), trusted));
    const [claim] = claims;
    return claim !== undefined && claims.every((other) => other === claim) ? claim : peer;
  };
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return list;
}

/** Also finds an IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`) among IPv4 ranges. */
function contains(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** Whatever stands left of the first address that no proxy of ours has written could be invented. */
function lastUntrusted(addresses: readonly (string | undefined)[], trusted: BlockList): string | undefined {
  return addresses.findLast((address) => address === undefined || !contains(trusted, address));
}

function forOf(element: string): string {
  return /(?:^|;)\s*for=("[^"]*"|[^;\s]*)/i.exec(element)?.[1] ?? "";
}

/** The bare address in `203.0.113.9:4711`, `"[2001:db8::1]:4711"` and the like; undefined when there is none. */
function addressOf(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, "$1");
  const candidate = /^\[([^\]]*)\](?::\d+)?$/.exec(bare)?.[1] ?? bare.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  return isIP(candidate) === 0 ? undefined : candidate;
}
