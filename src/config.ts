import { z } from "zod";
import { ConfigError } from "./domain/config-error.ts";
import { sourcePrefix } from "./domain/source.ts";

export type Config = Readonly<{
  port: number;
  host: string;
  /** Without a trailing slash. */
  publicUrl: string;
  dataDir: string;
  /** The SQLite file; not used when the database is a server. */
  databasePath: string;
  /** `postgres://…`, when the database is a server. It may hold a password: never print it. */
  postgresUrl: string | undefined;
  /** How many connections a node keeps to the server for what requests read and decide. */
  databaseConnections: number;
  masterKey: string | undefined;
  masterKeyFile: string | undefined;
  /** Addresses or CIDR ranges whose forwarded headers are believed. */
  trustedProxies: readonly string[];
  sample: boolean;
  isProduction: boolean;
  /** A breach corpus that has to be there; without it, one in the data folder is used when it exists. */
  breachCorpus: string | undefined;
  /** Where ranges are asked for when there is no corpus, up to the prefix. */
  breachUrl: string | undefined;
}>;

type Env = Readonly<Record<string, string | undefined>>;

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Reads the configuration; throws ConfigError with every problem at once. Values are never repeated in a problem. */
export function parseConfig(env: Env): Config {
  const problems: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>, fallback: string): T | undefined => {
    const parsed = schema.safeParse(env[name] ?? fallback);
    if (parsed.success) return parsed.data;
    problems.push(`${name} ${parsed.error.issues[0]?.message ?? "is not valid"}.`);
    return undefined;
  };
  const isProduction = env.NODE_ENV === "production";
  const port = read("COUNTERSIGN_PORT", portNumber, "8787");
  const host = read("COUNTERSIGN_HOST", z.string().min(1, "is empty"), "127.0.0.1");
  const publicUrl = read("COUNTERSIGN_PUBLIC_URL", publicUrlText(isProduction), `http://localhost:${port ?? 8787}`);
  const dataDir = read("COUNTERSIGN_DATA_DIR", z.string().min(1, "is empty"), "./data");
  const databaseFile = `file:${dataDir ?? "."}/countersign.db`;
  const databaseUrl = read("COUNTERSIGN_DATABASE_URL", databaseUrlText, databaseFile) ?? databaseFile;
  const isFile = databaseUrl.startsWith(FILE);
  const databaseConnections = read("COUNTERSIGN_DATABASE_CONNECTIONS", connectionCount, "8");
  const trustedProxies = read("COUNTERSIGN_TRUSTED_PROXIES", proxyList, "");
  const sample = read("COUNTERSIGN_SAMPLE", switchText, isProduction ? "off" : "on");
  const breachUrl = read("COUNTERSIGN_BREACH_URL", rangeUrl, "");
  if (problems.length > 0) throw new ConfigError(...problems);
  return {
    port: port ?? 0,
    host: host ?? "",
    publicUrl: publicUrl ?? "",
    dataDir: dataDir ?? "",
    databasePath: (isFile ? databaseUrl : databaseFile).slice(FILE.length),
    postgresUrl: isFile ? undefined : databaseUrl,
    databaseConnections: databaseConnections ?? 0,
    masterKey: env.COUNTERSIGN_MASTER_KEY,
    masterKeyFile: env.COUNTERSIGN_MASTER_KEY_FILE,
    trustedProxies: trustedProxies ?? [],
    sample: sample ?? false,
    isProduction,
    breachCorpus: env.COUNTERSIGN_BREACH_CORPUS || undefined,
    breachUrl: breachUrl || undefined,
  };
}

const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, "is not a port number")
  .transform(Number)
  .refine((port) => port <= 65_535, "is not a port number");

function publicUrlText(isProduction: boolean) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && isOrigin(new URL(text)), "is not an http or https URL without path")
    .refine((text) => !isProduction || text.startsWith("https:"), "must be https in production")
    .refine((text) => isSecure(text), "must be https unless the host is localhost: browsers offer passkeys only there")
    .transform((text) => new URL(text).origin);
}

function isOrigin(url: URL): boolean {
  return (
    ["http:", "https:"].includes(url.protocol) &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "" &&
    url.username === ""
  );
}

function isSecure(text: string): boolean {
  return !URL.canParse(text) || new URL(text).protocol === "https:" || LOOPBACK.includes(new URL(text).hostname);
}

const FILE = "file:";

const databaseUrlText = z
  .string()
  .refine((text) => /^file:.+/.test(text) || isServer(text), "must be file: with a path, or postgres://host/database");

function isServer(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  return new URL(text).pathname.length > 1;
}

const connectionCount = z
  .string()
  .regex(/^\d{1,3}$/, "is not a number")
  .transform(Number)
  .refine((count) => count >= 1 && count <= 100, "must be from 1 to 100");

/** Up to and with the slash before the prefix; empty for none. */
const rangeUrl = z
  .string()
  .refine((text) => text === "" || (URL.canParse(text) && isPlainUrl(new URL(text))), "is not an http or https URL")
  .refine((text) => text === "" || isSecure(text), "must be https unless the host is localhost")
  .transform((text) => (text === "" || text.endsWith("/") ? text : `${text}/`));

function isPlainUrl({ protocol, search, hash, username }: URL): boolean {
  return ["http:", "https:"].includes(protocol) && search === "" && hash === "" && username === "";
}

const proxyList = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  )
  .refine((list) => list.every(isAddressRange), "must be addresses or CIDR ranges, separated by commas");

/** An IP address, or one with a prefix length that its family has. */
function isAddressRange(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const longest = address.includes(":") ? 128 : 32;
  const isLength = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
  return sourcePrefix(address) !== undefined && isLength && rest.length === 0 && !address.includes("%");
}

const switchText = z
  .enum(["on", "off", "true", "false", "1", "0"], "must be on or off")
  .transform((text) => ["on", "true", "1"].includes(text));
