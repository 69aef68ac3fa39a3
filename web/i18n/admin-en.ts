/** English for the administration pages, which alone load it. */
export const adminEn = {
  "admin.title": "Administration",
} as const;
