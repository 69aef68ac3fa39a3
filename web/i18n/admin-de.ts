import type { AdminCatalogue } from "./catalogue.ts";

/** German for the administration pages. */
export const adminDe: AdminCatalogue = {
  "admin.title": "Administration",
};
