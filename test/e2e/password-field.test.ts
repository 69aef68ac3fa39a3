import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { lookAtPage } from "../support/look-at-page.ts";
import { useStage } from "../support/stage.ts";

// A browser that loads dictionaries, on machines that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const stage = useStage();

const GOOD = "gravel otter lantern mosaic";
const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

/** A page of somebody else's: a plain form, a policy that allows nothing but the field, and no script of its own. */
let elsewhere: Server;
let elsewhereUrl: string;
const posted: string[] = [];

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    const {
      lang = "en",
      dir = "ltr",
      inner = "",
    } = Object.fromEntries(new URL(request.url ?? "", "http://x").searchParams);
    const policy = `default-src 'none'; script-src ${stage.host.url}; connect-src ${stage.host.url}; form-action 'self'; require-trusted-types-for 'script'`;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
    if (request.method === "POST") {
      request.setEncoding("utf8").on("data", (text: string) => posted.push(text));
      request.on("end", () => response.end("<!doctype html><title>Sent</title><h1>Sent</h1>"));
      return;
    }
    response.end(`<!doctype html><html lang="${lang}" dir="${dir}"><head><title>Join</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="${stage.host.url}/countersign-password.js"></script></head>
<body><main><h1>Join</h1><form method="post" action="/"><label for="name">Name</label><input id="name" name="name">
<label for="secret">Secret</label>
<countersign-password id="secret" name="secret" required context="Meadow" context-fields="name">${inner}</countersign-password>
<button>Join</button> <button type="reset">Clear</button></form></main></body></html>`);
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  elsewhereUrl = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
});
afterAll(() => {
  elsewhere.closeAllConnections();
  elsewhere.close();
});

type Field = Readonly<{
  page: Page;
  input: Locator;
  advice: Locator;
  meter: Locator;
  asked: string[];
  problems: string[];
}>;

/** The other page's field, with breaches that are made up: what is listed was seen 7 times. */
async function fieldElsewhere(query = "", listed: readonly string[] = []): Promise<Field> {
  const page = await stage.open({ isWatched: false });
  const asked: string[] = [];
  const problems: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
  page.on("pageerror", (error) => void problems.push(String(error)));
  await page.route("**/range/*", (route) => {
    asked.push(new URL(route.request().url()).pathname);
    const prefix = asked.at(-1)?.slice("/range/".length) ?? "";
    const rows = listed.map(sha1).filter((hash) => hash.startsWith(prefix));
    const body = [...rows.map((hash) => `${hash.slice(5)}:7`), `${"0".repeat(35)}:0`].join("\r\n");
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "add-padding" };
    return route.fulfill({ body, headers, contentType: "text/plain" });
  });
  await page.goto(`${elsewhereUrl}/?${query}`);
  const field = page.locator("countersign-password");
  const input = field.locator("input");
  await input.waitFor();
  return { page, input, advice: field.locator("#advice"), meter: field.getByRole("meter"), asked, problems };
}

describe("in a plain form of another origin, under a strict policy", () => {
  test("a password is judged in the page, in words and bars, and leaves it by the form alone", async () => {
    const { page, input, advice, meter, asked, problems } = await fieldElsewhere();
    const urls: string[] = [];
    const bodies: string[] = [];
    page.on("request", (request) => {
      urls.push(request.url());
      bodies.push(request.postData() ?? "");
    });
    await page.getByLabel("Name").fill("Marisol");
    await input.fill("Marisol1990!");
    await advice.filter({ hasText: "This password is too short." }).waitFor();
    await input.fill("Marisol-Meadow-2026");
    await advice.filter({ hasText: "This is a name that others would expect of you" }).waitFor();
    expect(await input.getAttribute("aria-invalid")).toBe("true");
    await input.fill(GOOD);
    await meter.filter({ hasText: "Strong" }).waitFor();
    expect(await meter.getAttribute("aria-valuetext")).toBe("Strong");
    await input.blur();
    await advice.filter({ hasText: "This password will do." }).waitFor();
    expect(await input.getAttribute("aria-invalid")).toBeNull();
    // Only what was acceptable was asked about, by five digits.
    expect(new Set(asked)).toEqual(new Set([`/range/${sha1(GOOD).slice(0, 5)}`]));
    for (const text of [...urls, ...bodies]) {
      expect(decodeURIComponent(text)).not.toContain("otter");
      expect(text.toUpperCase()).not.toContain(sha1(GOOD).slice(5));
    }
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: "Sent" }).waitFor();
    expect(Object.fromEntries(new URLSearchParams(posted.at(-1)))).toEqual({ name: "Marisol", secret: GOOD });
    expect(problems).toEqual([]);
  });

  test("a breached password keeps the form from being sent, and says why", async () => {
    const { page, input, advice } = await fieldElsewhere("", [GOOD]);
    await input.fill(GOOD);
    await advice.filter({ hasText: "exposed in a data breach" }).waitFor();
    const before = posted.length;
    await page.getByRole("button", { name: "Join" }).click();
    expect(await page.locator("countersign-password:invalid").count()).toBe(1);
    expect(await input.evaluate((element) => element.getRootNode() instanceof ShadowRoot)).toBe(true);
    expect(posted.length).toBe(before);
    await input.fill(`${GOOD} quiver`);
    await advice.filter({ hasText: "This password will do." }).waitFor();
    await input.press("Enter");
    await page.getByRole("heading", { name: "Sent" }).waitFor();
  });

  test("an empty field is missing, and a reset empties it", async () => {
    const { page, input, advice } = await fieldElsewhere();
    const isMissing = () =>
      page
        .locator("countersign-password")
        .evaluate((element) => "validity" in element && (element.validity as ValidityState).valueMissing);
    expect(await isMissing()).toBe(true);
    await input.fill("short");
    await advice.filter({ hasText: "too short" }).waitFor();
    expect(await isMissing()).toBe(false);
    await page.getByRole("button", { name: "Clear" }).click();
    expect([await input.inputValue(), await advice.textContent(), await isMissing()]).toEqual(["", "", true]);
  });

  test("its label names it, and the keyboard reaches the field, then the button that shows the password", async () => {
    const { page, input } = await fieldElsewhere();
    await page.getByText("Secret", { exact: true }).click();
    await page.keyboard.type("visible?");
    expect(await input.inputValue()).toBe("visible?");
    expect(await input.getAttribute("aria-label")).toBe("Secret");
    expect(await input.getAttribute("type")).toBe("password");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await input.getAttribute("type")).toBe("text");
    const field = page.locator("countersign-password");
    await field.getByRole("button", { name: "Hide what is typed" }).waitFor();
    await field.getByText("The password is shown.").waitFor();
    await page.keyboard.press("Enter");
    await field.getByText("The password is hidden.").waitFor();
    expect(await input.getAttribute("type")).toBe("password");
  });

  test("it may be filled by a password manager, and pasted into", async () => {
    const { page, input, meter } = await fieldElsewhere();
    expect(await input.getAttribute("autocomplete")).toBe("new-password");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: elsewhereUrl });
    await input.focus();
    await page.evaluate((text) => navigator.clipboard.writeText(text), GOOD);
    await page.keyboard.press("ControlOrMeta+V");
    expect(await input.inputValue()).toBe(GOOD);
    await meter.filter({ hasText: "Strong" }).waitFor();
  });

  test("it speaks the page's language, and keeps to right-to-left and to a narrow window", async () => {
    const german = await fieldElsewhere("lang=de-AT");
    await german.input.fill("Schmetterling");
    await german.advice.filter({ hasText: "Dieses Passwort ist zu kurz. Nehmen Sie mindestens 15 Zeichen" }).waitFor();
    await german.page.getByRole("button", { name: "Zeigen, was getippt ist" }).waitFor();
    const rtl = await fieldElsewhere("dir=rtl");
    await rtl.page.setViewportSize({ width: 320, height: 640 });
    await rtl.input.fill("password1");
    await rtl.advice.filter({ hasText: "too short" }).waitFor();
    const [input, button] = await Promise.all([
      rtl.input.boundingBox(),
      rtl.page.locator("countersign-password button").boundingBox(),
    ]);
    expect(button?.x).toBeLessThan(input?.x ?? 0);
    expect(await rtl.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  test("screen readers get a meter with words, and one polite sentence at a time", async () => {
    const { page, input, advice } = await fieldElsewhere();
    await input.evaluate((element) => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      const status = (element.getRootNode() as ShadowRoot).querySelector("#advice");
      if (status)
        new MutationObserver(() => seen.push(status.textContent ?? "")).observe(status, {
          childList: true,
          characterData: true,
          subtree: true,
        });
    });
    await input.focus();
    await page.keyboard.type("qwertyuiopasdfgh", { delay: 20 });
    await advice.filter({ hasText: "similar to a commonly used password" }).waitFor();
    const seen = await page.evaluate(() => Reflect.get(globalThis, "seen") as string[]);
    expect(seen.length).toBeLessThanOrEqual(4);
    expect(await advice.getAttribute("role")).toBe("status");
    expect(await input.getAttribute("aria-describedby")).toBe("advice");
    expect(await lookAtPage(page)).toEqual([]);
  });

  test("when the service cannot be reached, people can go on: what counts is said when the form arrives", async () => {
    const { page, input, advice } = await fieldElsewhere();
    await page.route("**/range/*", (route) => route.abort());
    await input.fill(GOOD);
    await input.blur();
    await advice.filter({ hasText: "could not be compared with known breaches" }).waitFor();
    await page.route("**/assets/*judge*", (route) => route.abort());
    await page.reload();
    await page.locator("countersign-password input").fill("short");
    const before = posted.length;
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: "Sent" }).waitFor();
    expect(posted.length).toBe(before + 1);
  });
});

describe("in the shop", () => {
  test("signing up says at once what is wrong with a password", async () => {
    const page = await stage.open();
    await page.goto(`${stage.host.shopUrl}/sign-up`);
    await stage.see(page, "Create an account");
    await page.getByLabel("User name").fill("marisol");
    const input = page.locator("countersign-password input");
    expect(await input.getAttribute("aria-description")).toContain("At least 15 characters.");
    await input.fill("juniper & rye 2026");
    await page.getByText("This is a name that others would expect of you").waitFor();
    await page.getByRole("button", { name: "Create account" }).click();
    expect(page.url()).toBe(`${stage.host.shopUrl}/sign-up`);
    await input.fill(`walnut ferry ${Date.now()} lantern`);
    await page.getByText("This password will do.").waitFor();
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("heading", { name: "Fresh today, marisol" }).waitFor();
  });

  test("without script the same form has a plain field, and the service's refusal is shown", async () => {
    const page = await stage.open({ javaScriptEnabled: false });
    await page.goto(`${stage.host.shopUrl}/sign-up`);
    await page.getByLabel("User name").fill("tamsin");
    await page.getByLabel("Password").fill("password1234567");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("alert").filter({ hasText: "commonly used password" }).waitFor();
    await page.getByLabel("Password").fill(`walnut ferry ${Date.now()} lantern`);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("heading", { name: "Fresh today, tamsin" }).waitFor();
  });
});

describe("the page about it", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`shows it live, passes the accessibility check and asks no other origin (${colorScheme})`, async () => {
      const page = await stage.open({ colorScheme });
      await page.goto(`${stage.host.url}/reference/password-field`);
      await page.locator("#try input").fill("password1");
      await page.locator("#try").getByText("This password is too short.").waitFor();
      await page.locator("#german input").fill("Schmetterling");
      await page.locator("#german").getByText("Dieses Passwort ist zu kurz.").waitFor();
      await page.locator("#right-to-left input").fill(GOOD);
      await page.locator("#right-to-left").getByText("Strong").waitFor();
      expect(await lookAtPage(page)).toEqual([]);
    });
  }
});
