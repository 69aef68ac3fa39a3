import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchBrowser, newWindow } from "../gallery/browser.ts";
import { type HostedService, hostService } from "./hosted-service.ts";
import { lookAtPage } from "./look-at-page.ts";
import { type Watch, watchTraffic } from "./watch-traffic.ts";

/** What a new browser window is like; `isWatched` false for one that is meant to run into a wall. */
export type WindowOptions = BrowserContextOptions & Readonly<{ isWatched?: boolean }>;

/** A browser before the hosted service. Each test opens windows of its own; what they send is watched all along. */
export type Stage = Readonly<{
  host: HostedService;
  watch: Watch;
  /** A page in a new profile, by the service's clock. */
  open: (options?: WindowOptions) => Promise<Page>;
  /** Waits for the page's heading; what is met for the first time in a file is looked at as well. */
  see: (page: Page, heading: string | RegExp) => Promise<void>;
}>;

/** Sets the stage for the tests of a file. After each, nothing secret may have been in a URL, a Referer or the log. */
export function useStage(): Stage {
  let held: Readonly<{ browser: Browser; host: HostedService }> | undefined;
  let watch: Watch | undefined;
  const contexts: BrowserContext[] = [];
  const see = createEyes();
  const get = () => {
    if (held === undefined) throw new Error("the stage is set only within a test");
    const { browser, host } = held;
    watch ??= watchTraffic({ origins: [host.url, host.shopUrl], log: () => host.service.log });
    return { browser, host, watch };
  };
  beforeAll(async () => {
    const [browser, host] = await Promise.all([launchBrowser(), hostService()]);
    held = { browser, host };
  });
  afterEach(async () => {
    const { host } = get();
    get().watch.keepSecret(...host.references);
    const problems = await get().watch.problems();
    watch = undefined;
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await held?.browser.close();
    await held?.host.close();
  });
  return {
    get host() {
      return get().host;
    },
    get watch() {
      return get().watch;
    },
    async open({ isWatched = true, ...options } = {}) {
      const { browser, host, watch } = get();
      const page = await newWindow(browser, options);
      const context = page.context();
      contexts.push(context);
      if (isWatched) watch.follow(context);
      if (options.javaScriptEnabled !== false) await page.clock.setSystemTime(host.clock.now());
      return page;
    },
    see,
  };
}

/** A pair of eyes that looks closely at each heading once. */
export function createEyes(): Stage["see"] {
  const known = new Set<string>();
  return async (page, heading) => {
    const shown = headingOf(page, heading);
    await shown.waitFor();
    const name = `${new URL(page.url()).pathname} ${await shown.textContent()}`;
    if (known.has(name)) return;
    known.add(name);
    expect(await lookAtPage(page), `problems of ${name}`).toEqual([]);
  };
}

/** Waits for the page's heading and looks no closer: for pages without script, and for ways walked elsewhere. */
export async function passBy(page: Page, heading: string | RegExp): Promise<void> {
  await headingOf(page, heading).waitFor();
}

function headingOf(page: Page, heading: string | RegExp): Locator {
  return page.getByRole("heading", { level: 1, name: heading, exact: true });
}
