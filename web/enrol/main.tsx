import { mount } from "../client/mount.tsx";
import { EnrolPage } from "./enrol-page.tsx";

await mount("enrol", EnrolPage);
