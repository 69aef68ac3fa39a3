import { describe, expect, test } from "vitest";
import { clientAddressReader } from "../../src/runtime/client-address.ts";

const read = clientAddressReader(["10.0.0.0/8", "2001:db8::1", "::1"]);

function addressOf(peer: string | undefined, xForwardedFor?: string, forwarded?: string): string | undefined {
  return read(peer, { xForwardedFor, forwarded });
}

describe("the client's address", () => {
  test("is the peer's when the peer is no trusted proxy, whatever it claims", () => {
    expect(addressOf("203.0.113.9", "198.51.100.1", "for=198.51.100.1")).toBe("203.0.113.9");
    expect(clientAddressReader([])("127.0.0.1", { xForwardedFor: "1.2.3.4", forwarded: undefined })).toBe("127.0.0.1");
    expect(addressOf(undefined, "198.51.100.1")).toBeUndefined();
  });

  test("is the last one that no trusted proxy has, so that what a client makes up in front does not count", () => {
    expect(addressOf("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9")).toBe("198.51.100.1");
    expect(addressOf("2001:db8::1", "2001:db8::2")).toBe("2001:db8::2");
    expect(addressOf("::ffff:10.0.0.1", "198.51.100.1")).toBe("198.51.100.1");
  });

  test("is read from Forwarded as RFC 7239 writes it", () => {
    expect(addressOf("10.0.0.1", undefined, "for=1.1.1.1, proto=https;For=198.51.100.1:4711;by=10.0.0.1")).toBe(
      "198.51.100.1",
    );
    expect(addressOf("10.0.0.1", undefined, 'for="[2001:db8::2]:4711"')).toBe("2001:db8::2");
  });

  test("is the peer's when the two headers differ, since one of them is the client's own", () => {
    expect(addressOf("10.0.0.1", "198.51.100.1", "for=198.51.100.2")).toBe("10.0.0.1");
    expect(addressOf("10.0.0.1", "198.51.100.1", "for=198.51.100.1")).toBe("198.51.100.1");
  });

  test.each(["", "unknown", "_hidden", "198.51.100.1, nonsense", "10.0.0.2, 10.0.0.3", "198.51.100.1:port"])(
    "is the peer's when the proxies name none: %s",
    (list) => {
      expect(addressOf("10.0.0.1", list)).toBe("10.0.0.1");
    },
  );
});
