import type { Route } from "../route.ts";
import {
  listAuthenticatorsRoute,
  regenerateRecoveryCodesRoute,
  renameAuthenticatorRoute,
  revokeAuthenticatorRoute,
} from "./authenticators.ts";
import { openChallengeRoute, redeemChallengeRoute } from "./challenges.ts";
import { confirmEnrolmentRoute, startEnrolmentRoute } from "./enrolments.ts";
import { listEventsRoute } from "./events.ts";
import { createLinkRoute } from "./links.ts";
import { assessPasswordRoute } from "./passwords.ts";
import { inspectReceiptRoute } from "./receipts.ts";
import { deleteSubjectRoute, subjectStatusRoute } from "./subjects.ts";
import { verifyRoute } from "./verify.ts";

/** The relying-party API, whole: what is not in this table does not exist. */
export const V1_ROUTES: readonly Route[] = [
  verifyRoute,
  openChallengeRoute,
  redeemChallengeRoute,
  inspectReceiptRoute,
  startEnrolmentRoute,
  confirmEnrolmentRoute,
  listAuthenticatorsRoute,
  renameAuthenticatorRoute,
  revokeAuthenticatorRoute,
  regenerateRecoveryCodesRoute,
  subjectStatusRoute,
  deleteSubjectRoute,
  assessPasswordRoute,
  createLinkRoute,
  listEventsRoute,
];
