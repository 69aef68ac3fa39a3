import { mount } from "../client/mount.tsx";
import { PromptPage } from "./prompt-page.tsx";

await mount("prompt", PromptPage);
