import type { PageRoute } from "./page-route.ts";

export const ACCOUNT_PAGES: readonly PageRoute[] = [];
