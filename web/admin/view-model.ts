import type { AdminModel } from "../../src/http/pages/admin-models.ts";

/** The model of one view of the administration pages. */
export type ViewModel<Name extends AdminModel["view"]> = Extract<AdminModel, { view: Name }>;
