import { runWorker } from "../support/worker-program.ts";
import { describePeople } from "./people.ts";

describePeople("D1", (settings) => runWorker(settings));
