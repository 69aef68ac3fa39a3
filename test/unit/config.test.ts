import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { ConfigError } from "../../src/domain/config-error.ts";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("without any setting", () => {
  test("the service is for this machine alone, and the sample is on", () => {
    expect(parseConfig({})).toEqual({
      port: 8787,
      host: "127.0.0.1",
      publicUrl: "http://localhost:8787",
      dataDir: "./data",
      databasePath: "./data/countersign.db",
      postgresUrl: undefined,
      databaseConnections: 8,
      masterKey: undefined,
      masterKeyFile: undefined,
      trustedProxies: [],
      sample: true,
      isProduction: false,
      breachCorpus: undefined,
      breachUrl: undefined,
    });
  });

  test("production has no sample and insists on an https address", () => {
    expect(problemsOf({ NODE_ENV: "production" })).toEqual(["COUNTERSIGN_PUBLIC_URL must be https in production."]);
    const config = parseConfig({ NODE_ENV: "production", COUNTERSIGN_PUBLIC_URL: "https://id.example" });
    expect(config).toMatchObject({ sample: false, isProduction: true });
  });
});

describe("settings", () => {
  test("the public address follows the port, and the database the data folder, unless they are set", () => {
    expect(parseConfig({ COUNTERSIGN_PORT: "9000", COUNTERSIGN_DATA_DIR: "/srv/cs" })).toMatchObject({
      publicUrl: "http://localhost:9000",
      databasePath: "/srv/cs/countersign.db",
    });
  });

  test("every problem is told at once, by name, and no value is repeated", () => {
    const problems = problemsOf({
      COUNTERSIGN_PORT: "s3cret",
      COUNTERSIGN_HOST: "",
      COUNTERSIGN_PUBLIC_URL: "s3cret",
      COUNTERSIGN_DATA_DIR: "",
      COUNTERSIGN_DATABASE_URL: "s3cret",
      COUNTERSIGN_TRUSTED_PROXIES: "s3cret",
      COUNTERSIGN_SAMPLE: "s3cret",
      COUNTERSIGN_BREACH_URL: "s3cret",
    });
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
      "COUNTERSIGN_PORT",
      "COUNTERSIGN_HOST",
      "COUNTERSIGN_PUBLIC_URL",
      "COUNTERSIGN_DATA_DIR",
      "COUNTERSIGN_DATABASE_URL",
      "COUNTERSIGN_TRUSTED_PROXIES",
      "COUNTERSIGN_SAMPLE",
      "COUNTERSIGN_BREACH_URL",
    ]);
    expect(problems.join()).not.toContain("s3cret");
  });

  test("one wrong setting is one problem", () => {
    expect(problemsOf({ COUNTERSIGN_PORT: "65536" })).toEqual(["COUNTERSIGN_PORT is not a port number."]);
  });

  test.each([
    "http://id.example",
    "https://id.example/path",
    "https://id.example/?query",
    "https://user@id.example",
    "ftp://localhost",
  ])("the public address %s is refused", (url) => {
    expect(problemsOf({ COUNTERSIGN_PUBLIC_URL: url })).toHaveLength(1);
  });

  test.each(["10.0.0.0/33", "::1/129", "10.0.0.0/8/8", "10.0.0.256", "fe80::1%eth0", "proxy.example", "10.0.0.1/"])(
    "the trusted proxy %s is refused",
    (range) => {
      expect(problemsOf({ COUNTERSIGN_TRUSTED_PROXIES: `127.0.0.1, ${range}` })).toHaveLength(1);
    },
  );

  test("ranges are asked for below the address, over https or on this machine", () => {
    const urlOf = (COUNTERSIGN_BREACH_URL: string) => parseConfig({ COUNTERSIGN_BREACH_URL }).breachUrl;
    expect(urlOf("https://api.example/range")).toBe("https://api.example/range/");
    expect(urlOf("http://localhost:8080/range/")).toBe("http://localhost:8080/range/");
    for (const url of [
      "http://api.example/range/",
      "https://user@api.example/",
      "https://api.example/?p=",
      "ftp://localhost/",
    ])
      expect(problemsOf({ COUNTERSIGN_BREACH_URL: url })).toHaveLength(1);
  });

  test("trusted proxies are addresses and ranges of both families", () => {
    const { trustedProxies } = parseConfig({ COUNTERSIGN_TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8,2001:db8::/32 ," });
    expect(trustedProxies).toEqual(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]);
  });
});
