import { expect, test } from "vitest";
import { launchBrowser, newWindow } from "../gallery/browser.ts";
import { listen } from "../support/listen.ts";
import { lookAtPage } from "../support/look-at-page.ts";
import { watchTraffic } from "../support/watch-traffic.ts";

const TOKEN = "a-one-time-token-of-some-length";

// What the other tests of this folder rely on.

test("secrets in addresses, Referers and the log are noticed, and other origins, and script that the policy blocks", async () => {
  const html = '<script src="/blocked.js"></script><a href="/next">on</a>';
  const headers = { "content-type": "text/html", "content-security-policy": "default-src 'none'" };
  const site = await listen(async () => new Response(html, { headers }));
  const browser = await launchBrowser();
  const log = ['{"event":"ok"}'];
  const watch = watchTraffic({ origins: [site.url], log: () => log });
  watch.keepSecret("k7qp-2m4x");
  const page = await newWindow(browser);
  watch.follow(page.context());

  await page.goto(`${site.url}/?code=K7QP2M4X`);
  await page.goto(`${site.url}/enter/${TOKEN}`);
  await page.getByRole("link").click();
  await page.goto(site.url.replace("localhost", "127.0.0.1"));
  log.push('{"event":"told","code":"k7qp-2m4x"}');
  const problems = (await watch.problems()).join("\n");
  await browser.close();
  await site.close();

  expect(problems).toMatch(/a secret is in an address: .*code=K7QP2M4X/);
  expect(problems).toMatch(new RegExp(`a secret is in a Referer: .*${TOKEN}`));
  expect(problems).toMatch(/a secret is in the log: .*told/);
  expect(problems).toContain("asked another origin: http://127.0.0.1");
  expect(problems).toMatch(/console: .*blocked\.js.*Content Security Policy/s);
});

test("faint text in one colour scheme, a field without a name and a line too long are noticed", async () => {
  const browser = await launchBrowser();
  const page = await newWindow(browser);
  await page.setContent(
    `<!doctype html><html lang="en"><title>Faulty</title>
    <style>@media (prefers-color-scheme: dark) { h1 { color: #eee; background: #fff } }</style>
    <main><h1>Faint</h1><input><p style="width: 400px">wide</p></main>`,
  );
  const problems = await lookAtPage(page);
  await browser.close();
  expect(problems.filter((problem) => problem.includes("color-contrast"))).toEqual([
    expect.stringMatching(/^dark: color-contrast/),
  ]);
  expect(problems.join("\n")).toMatch(/light: label/);
  expect(problems).toContain("the page scrolls sideways");
});
