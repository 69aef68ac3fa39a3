import type { VNode } from "preact";
import type { AdminModel } from "../../src/http/pages/admin-models.ts";
import { Administrator } from "./administrator.tsx";
import { Administrators } from "./administrators.tsx";
import { Audit } from "./audit.tsx";
import { Find } from "./find.tsx";
import { Help } from "./help.tsx";
import { Invite } from "./invite.tsx";
import { RelyingParties } from "./relying-parties.tsx";
import { RelyingParty } from "./relying-party.tsx";
import { SignIn } from "./sign-in.tsx";
import { Subject } from "./subject.tsx";

/** The administration pages. */
export function AdminPage({ model }: Readonly<{ model: AdminModel }>): VNode {
  switch (model.view) {
    case "invite":
      return <Invite model={model} />;
    case "sign_in":
      return <SignIn model={model} />;
    case "find":
      return <Find model={model} />;
    case "subject":
      return <Subject model={model} />;
    case "help":
      return <Help model={model} />;
    case "relying_parties":
      return <RelyingParties model={model} />;
    case "relying_party":
      return <RelyingParty model={model} />;
    case "administrators":
      return <Administrators model={model} />;
    case "administrator":
      return <Administrator model={model} />;
    case "audit":
      return <Audit model={model} />;
  }
}
