import type { PageRoute } from "./page-route.ts";

export const ENROL_PAGES: readonly PageRoute[] = [];
