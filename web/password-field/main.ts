import { CountersignPassword } from "./element.ts";

// A page may load the script twice.
if (!customElements.get("countersign-password")) customElements.define("countersign-password", CountersignPassword);
