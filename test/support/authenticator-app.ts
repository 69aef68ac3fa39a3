import { createHmac } from "node:crypto";
import jsqr from "jsqr";
import type { Locator } from "playwright-core";
import { PNG } from "pngjs";

const STEP_MS = 30_000;
/** A code within this of its step's end may be late when it arrives, on a machine that is busy. */
const MARGIN_MS = 10_000;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The published type declarations describe a module namespace; at run time the import is the function itself. */
const decode = "default" in jsqr ? jsqr.default : jsqr;

/** The clock that the service goes by. */
export type AppClock = Readonly<{
  now: () => number;
  /** Resolves once the clock shows at least that time, in epoch milliseconds. */
  reach: (ms: number) => Promise<void>;
}>;

/** The clock of a service in a process of its own. */
export const SYSTEM_CLOCK: AppClock = {
  now: Date.now,
  reach: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - Date.now()))),
};

/** An authenticator app with one account in it, which shares no code with the service. */
export type AuthenticatorApp = Readonly<{
  /** Base32, as in the URI. */
  secret: string;
  issuer: string;
  account: string;
  /** A code that the service still takes and that was not given out before; waits for its step where there is none. */
  next: () => Promise<string>;
  /** A code of no step anywhere near. */
  wrong: () => string;
}>;

/** Adds the account of an otpauth URI (Key URI Format) to an app. */
export function addToApp(uri: string, clock: AppClock): AuthenticatorApp {
  const { protocol, pathname, searchParams } = new URL(uri);
  const secret = searchParams.get("secret") ?? "";
  if (protocol !== "otpauth:" || !isCommon(searchParams)) throw new Error("not a URI for this app");
  const key = fromBase32(secret);
  let used = 0;
  return {
    secret,
    issuer: searchParams.get("issuer") ?? "",
    account: decodeURIComponent(pathname).split(":").at(-1) ?? "",
    async next() {
      // The service takes the current step and the one before.
      used = Math.max(used + 1, Math.floor((clock.now() + MARGIN_MS) / STEP_MS) - 1);
      await clock.reach(used * STEP_MS);
      return codeAt(key, used);
    },
    wrong() {
      const step = Math.floor(clock.now() / STEP_MS);
      const near = [-20, -2, -1, 0, 1, 2, 3].map((offset) => codeAt(key, step + offset));
      const candidate = ["000000", "111111", "222222", "333333"].find((one) => !near.includes(one));
      if (candidate === undefined) throw new Error("no wrong code left");
      return candidate;
    },
  };
}

/** What the apps in use can do; left out means the same (Key URI Format). */
function isCommon(settings: URLSearchParams): boolean {
  const common = { algorithm: "SHA1", digits: "6", period: "30" };
  return Object.entries(common).every(([name, value]) => (settings.get(name) ?? value) === value);
}

/** Reads a QR code off the screen, as a camera would. */
export async function readQr(shown: Locator): Promise<string> {
  const { data, width, height } = PNG.sync.read(await shown.screenshot());
  const read = decode(new Uint8ClampedArray(data), width, height);
  if (read === null) throw new Error("there is no QR code to be read");
  return read.data;
}

/** RFC 4226 §5.3 over RFC 6238's counter, with six digits. */
function codeAt(key: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
