import { launchBrowser, newWindow } from "../gallery/browser.ts";
import { enrolTotp } from "../support/enrol.ts";
import { hostService } from "../support/hosted-service.ts";
import { median } from "./pairs.ts";

/** A slow phone on a slow network: a quarter of this machine's speed, 1.6 Mbit/s down, 150 ms there and back. */
const CPU_SLOWDOWN = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
const VISITS = 5;

export type PhoneFigures = Readonly<{
  /** A code can be typed and sent, which takes no script. */
  usableMs: number;
  /** The script has taken over: passkeys work. */
  scriptedMs: number;
  kilobytes: number;
  requests: number;
}>;

/** The prompt on a phone that was never here before: how long it takes, and what it loads. Undefined without a browser. */
export async function promptOnPhone(): Promise<PhoneFigures | undefined> {
  const browser = await launchBrowser().catch(() => undefined);
  if (browser === undefined) return undefined;
  const host = await hostService();
  try {
    await enrolTotp(host.service, host.rp, "phone");
    const visits: PhoneFigures[] = [];
    for (let visit = 0; visit < VISITS; visit++) {
      const opened = await host.rp.post("/v1/challenges", { subject: "phone" });
      visits.push(
        await visitOnce(await newWindow(browser), await host.linkTo("prompt", { challenge: opened.body.challenge })),
      );
    }
    const of = (name: keyof PhoneFigures) => median(visits.map((visit) => visit[name]));
    return {
      usableMs: of("usableMs"),
      scriptedMs: of("scriptedMs"),
      kilobytes: of("kilobytes"),
      requests: of("requests"),
    };
  } finally {
    await browser.close();
    await host.close();
  }
}

async function visitOnce(page: Awaited<ReturnType<typeof newWindow>>, url: string): Promise<PhoneFigures> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", NETWORK);
  await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  let bytes = 0;
  let requests = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  const start = performance.now();
  await page.goto(url, { waitUntil: "commit" });
  await page.getByRole("button", { name: "Continue" }).waitFor();
  const usableMs = performance.now() - start;
  // Said by the script alone.
  await page.getByText("Goes on by itself").waitFor();
  const scriptedMs = performance.now() - start;
  await page.waitForLoadState("networkidle");
  await page.context().close();
  return { usableMs, scriptedMs, kilobytes: bytes / 1000, requests };
}
