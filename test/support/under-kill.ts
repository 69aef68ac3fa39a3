import { expect } from "vitest";
import type { HttpClient } from "./command-line.ts";

/** The ids of a subject's authenticators, as the API lists them. */
export async function authenticatorsOf(post: HttpClient, subject: string): Promise<readonly string[]> {
  const { status, body } = await post("/v1/authenticators/list", { subject });
  expect(status).toBe(200);
  // As documented.
  return (body.authenticators as { id: string }[]).map(({ id }) => id);
}

/** The items in an order drawn by chance. */
export function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
