import { mount } from "../client/mount.tsx";
import { AccountPage } from "./account-page.tsx";

await mount("account", AccountPage);
