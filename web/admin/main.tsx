import { mount } from "../client/mount.tsx";
import { AdminPage } from "./admin-page.tsx";

await mount("admin", AdminPage);
