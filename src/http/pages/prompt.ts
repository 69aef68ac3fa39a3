import type { PageRoute } from "./page-route.ts";

export const PROMPT_PAGES: readonly PageRoute[] = [];
