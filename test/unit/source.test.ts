import fc from "fast-check";
import { expect, test } from "vitest";
import { sourcePrefix } from "../../src/domain/source.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["0.0.0.0", "0.0.0.0"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::FFFF:cb00:7107", "203.0.113.7"],
  ["0:0:0:0:0:ffff:203.0.113.7", "203.0.113.7"],
  ["::", "0:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:0DB8:0000:0000:ffff::", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:3:4:5::", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
])("%s is the source %s", (address, source) => {
  expect(sourcePrefix(address)).toBe(source);
});

test.each([
  "",
  "1.2.3",
  "1.2.3.4.5",
  "01.2.3.4",
  "1.2.3.256",
  "1.2.3.4 ",
  "0x1.2.3.4",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  ":1:2:3:4:5:6:7:8",
  "12345::",
  "g::",
  ":1.2.3.4",
  "::1.2.3",
  "::1.2.3.4:5",
  "::ffff:01.2.3.4",
  "[::1]",
  "2001:db8::/64",
  "1.2.3.4%\n5",
  "::".padEnd(64, "0"),
])("%j is no address", (text) => {
  expect(sourcePrefix(text)).toBeUndefined();
});

test("every spelling of an IPv6 address is one source", () => {
  // The first group is not zero: IPv4 mapped into IPv6 is another matter.
  const group = fc.integer({ min: 0, max: 0xffff });
  const groups = fc.tuple(fc.integer({ min: 1, max: 0xffff }), group, group, group, group, group, group, group);
  fc.assert(
    fc.property(groups, (address) => {
      const short = address.map((group) => group.toString(16));
      const long = short.map((group) => group.padStart(4, "0").toUpperCase());
      expect(sourcePrefix(long.join(":"))).toBe(sourcePrefix(short.join(":")));
      expect(sourcePrefix(short.join(":"))).toBe(sourcePrefix([...short.slice(0, 4), "0:0:0:1"].join(":")));
    }),
  );
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 70 }), (text) => {
      sourcePrefix(text);
    }),
  );
});
