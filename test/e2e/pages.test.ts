import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PromptModel } from "../../src/http/pages/models.ts";
import { launchBrowser } from "../gallery/browser.ts";
import { RECOVERY_CODES, SIGNAL } from "../gallery/fixtures.ts";
import { type Gallery, startGallery } from "../gallery/server.ts";

let browser: Browser;
let gallery: Gallery;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  gallery = await startGallery();
});

afterEach(async () => {
  await context.close();
  await gallery.close();
});

/** Opens a view before its challenge ends, and waits until script has taken over. */
async function open(
  name: string,
  { init, ...options }: BrowserContextOptions & { init?: () => void } = {},
): Promise<Page> {
  context = await browser.newContext(options);
  const page = await context.newPage();
  await page.clock.setSystemTime("2026-11-23T10:00:00Z");
  if (init !== undefined) await page.addInitScript(init);
  await page.goto(`${gallery.origin}/en/${name}`);
  return page;
}

function promptModel(name: string): PromptModel {
  const model = gallery.fixtures.find((fixture) => fixture.name === name)?.model;
  if (model?.page !== "prompt") throw new Error(`${name} is no prompt`);
  return model;
}

describe("the code field", () => {
  test("takes a pasted code with a space and posts it once, by itself", async () => {
    const page = await open("prompt-totp", { permissions: ["clipboard-read", "clipboard-write"] });
    gallery.replies.push({ body: { model: promptModel("prompt-recovery-used") } });
    await page.getByText("Goes on by itself").waitFor();
    await page.evaluate(() => navigator.clipboard.writeText("012 345"));
    await page.getByLabel("Code from your authenticator app").press("ControlOrMeta+v");
    await page.getByRole("heading", { name: "You are in" }).waitFor();
    expect(gallery.posts).toHaveLength(1);
    const [post] = gallery.posts;
    expect(post?.path).toBe("/prompt");
    expect(post?.accept).toBe("application/json");
    expect([...(post?.fields ?? [])]).toEqual([
      ["csrf", "csrf-token-of-the-session"],
      ["totp", "012345"],
    ]);
    expect(await page.title()).toContain("You are in");
  });

  test("keeps a wrong code, selected and in focus, and announces what to do", async () => {
    const page = await open("prompt-totp");
    gallery.replies.push({ body: { model: promptModel("prompt-totp-wrong") } });
    await page.getByText("Goes on by itself").waitFor();
    await page.getByLabel("Code from your authenticator app").pressSequentially("123456");
    await page.getByRole("alert").filter({ hasText: "did not work" }).waitFor();
    const field = await page.evaluate(() => {
      const input = document.activeElement;
      if (!(input instanceof HTMLInputElement)) return undefined;
      return { name: input.name, value: input.value, selected: [input.selectionStart, input.selectionEnd] };
    });
    expect(field).toEqual({ name: "totp", value: "123456", selected: [0, 6] });
  });

  test("posts a plain form without script", async () => {
    const page = await open("prompt-totp", { javaScriptEnabled: false });
    await page.getByLabel("Code from your authenticator app").fill("123 456");
    await page.getByRole("button", { name: "Continue" }).click();
    expect(gallery.posts).toHaveLength(1);
    expect(gallery.posts[0]?.accept).toContain("text/html");
    expect(gallery.posts[0]?.fields.get("totp")).toBe("123 456");
    expect(gallery.posts[0]?.fields.get("csrf")).toBe("csrf-token-of-the-session");
  });
});

describe("the prompt", () => {
  test("switches methods in place and moves focus to the new field", async () => {
    const page = await open("prompt-totp-wrong");
    await page.getByText("Goes on by itself").waitFor();
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByRole("heading", { name: "Use a recovery code" }).waitFor();
    expect(await page.getByLabel("Recovery code").evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(gallery.posts).toHaveLength(0);
  });

  test("says so when its challenge ends, and starts again in one click", async () => {
    const page = await open("prompt-passkey");
    await page.clock.install({ time: "2026-11-23T10:09:00Z" });
    await page.reload();
    await page.getByRole("button", { name: "Use passkey" }).and(page.locator(":enabled")).waitFor();
    await page.clock.fastForward("01:30");
    gallery.replies.push({ body: { model: promptModel("prompt-passkey") } });
    await page.getByRole("button", { name: "Start again" }).click();
    await page.getByRole("heading", { name: "Use your passkey" }).waitFor();
    expect(gallery.posts.map(({ path }) => path)).toEqual(["/prompt/restart"]);
  });

  test("stays usable when the browser's clock is past the end already", async () => {
    const page = await open("prompt-totp");
    await page.clock.setSystemTime("2026-11-23T11:00:00Z");
    await page.reload();
    await page.getByText("Goes on by itself").waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Enter your code");
  });

  test("keeps the page and says what to do when the server cannot be reached", async () => {
    const page = await open("prompt-recovery");
    await page.route("**/prompt", (route) => route.abort());
    await page.getByLabel("Recovery code").fill("k7qp-2m4x");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").filter({ hasText: "could not reach the server" }).waitFor();
    expect(await page.getByLabel("Recovery code").inputValue()).toBe("k7qp-2m4x");
  });

  test("says where it sends the person, and goes there", async () => {
    const page = await open("prompt-recovery-used");
    const heard = Promise.withResolvers<void>();
    await page.exposeFunction("said", (text: string) => {
      if (/^Taking you back to 127\.0\.0\.1:\d+…$/.test(text)) heard.resolve();
    });
    await page.evaluate(() => {
      const progress = document.querySelector(".progress");
      const say: unknown = Reflect.get(window, "said");
      if (progress === null || typeof say !== "function") return;
      new MutationObserver(() => say(progress.textContent)).observe(progress, { childList: true, subtree: true });
    });
    gallery.replies.push({ body: { location: `${gallery.origin.replace("localhost", "127.0.0.1")}/back` } });
    // What the page says on its way out is lost with it: the next one waits until it was heard.
    await page.route("**/back", async (route) => {
      await heard.promise;
      await route.fulfill({ body: "back at the shop" });
    });
    await page.getByRole("button", { name: "Continue to shop.example" }).click();
    await page.getByText("back at the shop").waitFor();
  });

  test("does not run inside a frame", async () => {
    const page = await open("prompt-totp");
    await page.route("**/framing", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: '<iframe src="/en/prompt-totp" width="600" height="600"></iframe>',
      }),
    );
    await page.route("**/en/prompt-totp", async (route) => {
      const { "content-security-policy": _, ...headers } = (await route.fetch()).headers();
      await route.fulfill({ response: await route.fetch(), headers });
    });
    await page.goto(`${gallery.origin}/framing`);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("heading", { name: "Open this page on its own" }).waitFor();
    expect(await frame.locator("form").count()).toBe(0);
  });
});

describe("a failed passkey ceremony", () => {
  const SAID = {
    NotAllowedError: "Cancelled or timed out. Try again or use another way.",
    ConstraintError: "This device cannot do the check",
    NotSupportedError: "too old for passkeys",
    SecurityError: "not set up correctly on our side",
    TypeError: "that was a mistake on our side",
    UnknownError: "Cancelled or timed out. Try again or use another way.",
    NotReadableError: "Cancelled or timed out. Try again or use another way.",
    EncodingError: "Cancelled or timed out. Try again or use another way.",
    DataError: "Cancelled or timed out. Try again or use another way.",
    OperationError: "Cancelled or timed out. Try again or use another way.",
  } as const;
  /** What the person or the device decides is no fault. */
  const UNTOLD: readonly string[] = ["NotAllowedError", "ConstraintError"];

  for (const [name, said] of Object.entries(SAID)) {
    test(`says one plain sentence for ${name} and keeps focus on the button`, async () => {
      const page = await open("prompt-passkey");
      await page.evaluate((errorName) => {
        navigator.credentials.get = () => Promise.reject(new DOMException("raw text", errorName));
      }, name);
      await page.getByRole("button", { name: "Use passkey" }).click();
      await page.getByRole("status").filter({ hasText: said }).waitFor();
      const button = page.getByRole("button", { name: "Use passkey" });
      expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
      const visible = await page.locator("body").innerText();
      expect(visible).not.toContain(name);
      expect(visible).not.toContain("raw text");
      expect(await page.getByRole("link", { name: "Use a recovery code" }).isVisible()).toBe(true);
      const told = gallery.posts.map(({ path, fields }) => [path, fields.get("error"), fields.get("ceremony")]);
      expect(told).toEqual(UNTOLD.includes(name) ? [] : [["/prompt/passkey-fault", name, "get"]]);
      expect(gallery.posts.map(({ fields }) => [...fields.keys()].sort())).toEqual(
        told.map(() => ["ceremony", "csrf", "error"]),
      );
    });
  }

  test("is good news when this device has a passkey already", async () => {
    const page = await open("enrol-passkey");
    await page.evaluate(() => {
      navigator.credentials.create = () => Promise.reject(new DOMException("", "InvalidStateError"));
    });
    await page.getByRole("button", { name: "Use a security key" }).click();
    await page.getByRole("status").filter({ hasText: "Good news" }).waitFor();
  });
});

describe("passkeys", () => {
  test("are explained away where the browser has none", async () => {
    const page = await open("prompt-passkey", { init: () => Reflect.deleteProperty(window, "PublicKeyCredential") });
    await page.getByRole("status").filter({ hasText: "This browser cannot use passkeys" }).waitFor();
    expect(await page.getByRole("button", { name: "Use passkey" }).isDisabled()).toBe(true);
  });

  test("are made after a click, where the person wished, also without the browser's JSON methods", async () => {
    const page = await open("enrol-passkey", {
      init: () => {
        Reflect.deleteProperty(PublicKeyCredential, "parseCreationOptionsFromJSON");
        Reflect.deleteProperty(PublicKeyCredential.prototype, "toJSON");
        PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = async () => true;
        PublicKeyCredential.getClientCapabilities = async () => ({ userVerifyingPlatformAuthenticator: true });
      },
    });
    await addVirtualAuthenticator(page);
    gallery.replies.push({ body: { location: "/en/enrol-done-passkey" } });
    await page.getByRole("button", { name: "Create on this device" }).click();
    await page.waitForURL("**/enrol-done-passkey");
    const [post] = gallery.posts;
    expect(post?.path).toBe("/enrol/passkey");
    const response: unknown = JSON.parse(post?.fields.get("webauthn") ?? "{}");
    expect(response).toMatchObject({ type: "public-key", response: { attestationObject: expect.any(String) } });
  });

  test("are asked for with the wish as a hint", async () => {
    const page = await open("enrol-passkey", {
      init: () => {
        navigator.credentials.create = (options) => {
          const asked: { hints?: unknown; authenticatorSelection?: unknown } = options?.publicKey ?? {};
          document.title = JSON.stringify([asked.hints, asked.authenticatorSelection]);
          return Promise.reject(new DOMException("", "AbortError"));
        };
      },
    });
    await page.getByRole("button", { name: "Use a security key" }).click();
    await expect.poll(() => page.title()).toContain("security-key");
    expect(JSON.parse(await page.title())).toEqual([
      ["security-key"],
      { residentKey: "preferred", userVerification: "preferred", authenticatorAttachment: "cross-platform" },
    ]);
  });

  test("that still count are told to the password managers, all of them", async () => {
    const page = await open("account-overview", {
      init: () => {
        const told: unknown[] = [];
        Object.assign(window, { told });
        const tell = (what: unknown) => {
          told.push(what);
          return Promise.reject(new Error("nobody should notice"));
        };
        Object.assign(PublicKeyCredential, { signalAllAcceptedCredentials: tell, signalCurrentUserDetails: tell });
      },
    });
    const { rpId, userHandle, credentialIds, accountName } = SIGNAL;
    await expect
      .poll(() => page.evaluate(() => Reflect.get(window, "told")))
      .toEqual([
        { rpId, userId: userHandle, allAcceptedCredentialIds: credentialIds },
        { rpId, userId: userHandle, name: accountName, displayName: accountName },
      ]);
  });
});

test("after a change on the account page focus goes to its heading, and the page says what was done", async () => {
  const page = await open("account-overview");
  const model = gallery.fixtures.find(({ name }) => name === "account-overview")?.model;
  gallery.replies.push({ body: { model: { ...model, done: "renamed" } } });
  await page.getByLabel(/^Rename .My phone/).click();
  await page.getByLabel("New name").first().fill("Work phone");
  await page.getByRole("button", { name: "Save" }).first().click();
  await page.getByRole("status").filter({ hasText: "The new name is saved." }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  expect(gallery.posts[0]?.fields.get("authenticator")).toBe("au_phone");
  expect(gallery.posts[0]?.fields.get("label")).toBe("Work phone");
});

describe("a passkey of another device", () => {
  test("brings an offer for one on this device, until the person says not now", async () => {
    const page = await open("account-step-up", {
      init: () => {
        PublicKeyCredential.getClientCapabilities = async () => ({ userVerifyingPlatformAuthenticator: true });
        const bytes = new ArrayBuffer(4);
        const response = { authenticatorData: bytes, clientDataJSON: bytes, signature: bytes };
        const credential = {
          id: "AAAA",
          rawId: bytes,
          type: "public-key",
          response,
          getClientExtensionResults: () => ({}),
        };
        Object.assign(navigator.credentials, {
          get: async () => ({ ...credential, authenticatorAttachment: "cross-platform" }),
        });
      },
    });
    gallery.replies.push({ body: { location: "/en/account-overview" } });
    await page.getByRole("button", { name: "Use passkey" }).click();
    const offer = page.getByText("You used a passkey from another device");
    await offer.waitFor();
    await page.getByRole("button", { name: "Not now" }).click();
    await offer.waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { name: "Ways to sign in" }).waitFor();
    await expect.poll(() => page.locator("details").count()).toBeGreaterThan(0);
    expect(await offer.count()).toBe(0);
  });
});

test("on a phone the link into an app stands before the QR code; with a mouse it comes after", async () => {
  const phone = await open("enrol-totp", { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  expect(await linkIsAboveQr(phone)).toBe(true);
  await context.close();
  expect(await linkIsAboveQr(await open("enrol-totp"))).toBe(false);
});

async function linkIsAboveQr(page: Page): Promise<boolean> {
  const link = await page.getByRole("link", { name: "Open in an app on this device" }).boundingBox();
  const qr = await page.getByRole("img", { name: /QR code/ }).boundingBox();
  if (link === null || qr === null) throw new Error("the link or the QR code is not shown");
  return link.y < qr.y;
}

describe("recovery codes", () => {
  test("can be copied and downloaded, and the page asks before it is left without an answer", async () => {
    const page = await open("enrol-recovery-codes", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(RECOVERY_CODES.join("\n"));
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const file = readFileSync(await (await download).path(), "utf8");
    for (const code of RECOVERY_CODES) expect(file).toContain(code);
    expect((await download).suggestedFilename()).toBe("recovery-codes-shop-2026-11-23.txt");
    const asked = page.waitForEvent("dialog");
    const left = page.goto(`${gallery.origin}/en/plain-not-found`).catch(() => "stayed");
    await (await asked).dismiss();
    expect(await left).toBe("stayed");
  });

  test("let the person go once they are saved", async () => {
    const page = await open("enrol-recovery-codes");
    gallery.replies.push({ body: { location: "/en/plain-not-found" } });
    await page.getByRole("button", { name: "I have saved them" }).click();
    await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
    expect(gallery.posts.map(({ path }) => path)).toEqual(["/enrol/saved"]);
  });
});

test("times are in UTC from the server and in the reader's zone afterwards", async () => {
  const without = await open("account-overview", { javaScriptEnabled: false });
  expect(await without.locator(".activity time").first().innerText()).toMatch(/6:44\sPM UTC/);
  await context.close();
  const page = await open("account-overview", { timezoneId: "Asia/Tokyo" });
  await expect.poll(() => page.locator(".activity time").first().innerText()).toMatch(/Nov 23, 2026, 3:44\sAM$/);
});

async function addVirtualAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
