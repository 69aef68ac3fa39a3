/**
 * The lane that a wrong answer is charged to: `device` (this subject succeeded from there before), `proven` (the
 * relying party has just checked the first factor) or `open` (neither). An exhausted lane never closes another.
 */
export type Lane = "device" | "proven" | "open";

export const LANES: readonly Lane[] = ["device", "proven", "open"];
