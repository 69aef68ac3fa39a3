import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const NARROW = { width: 320, height: 640 };

/**
 * What is wrong with a page as it stands: accessibility in light and dark, and whatever sticks out of a window of 320
 * pixels (WCAG 2.2 §1.4.10). Leaves the page as it was.
 */
export async function lookAtPage(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await axeProblems(page)).map((problem) => `${colorScheme}: ${problem}`));
  }
  await page.emulateMedia({ colorScheme: null });
  const size = page.viewportSize() ?? NARROW;
  await page.setViewportSize(NARROW);
  found.push(...(await overflows(page)));
  await page.setViewportSize(size);
  return found;
}

/** Accessibility problems of a page, one line each. */
export async function axeProblems(page: Page): Promise<readonly string[]> {
  // What "legacy" leaves out is frames of other origins, and a page of its own for each run.
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id} ${any[0]?.message ?? ""} ${html}`));
}

/** What sticks out of the window sideways, unless it scrolls in a box of its own. */
export async function overflows(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element: Element): boolean =>
      element.parentElement !== null &&
      (["auto", "scroll"].includes(getComputedStyle(element.parentElement).overflowX) ||
        scrolls(element.parentElement));
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return (right > width + 1 || left < -1) && !scrolls(element);
    });
    const found = wide.map((element) => `sticks out: ${element.outerHTML.slice(0, 120)}`);
    return document.documentElement.scrollWidth > width ? [...found, "the page scrolls sideways"] : found;
  });
}
