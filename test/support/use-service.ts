import { afterEach, beforeEach } from "vitest";
import { type ServiceOptions, startService, type TestRelyingParty, type TestService } from "./service.ts";

/** A fresh service and a relying party for each test of the file. */
export type Fixture = Readonly<{ service: TestService; rp: TestRelyingParty }>;

/** Starts a service before each test of the file and closes it after. */
export function useService(options: ServiceOptions = {}): Fixture {
  let held: Fixture | undefined;
  beforeEach(async () => {
    const service = await startService(options);
    held = { service, rp: await service.addRelyingParty() };
  });
  afterEach(() => held?.service.close());
  const get = () => {
    if (held === undefined) throw new Error("the service runs only within a test");
    return held;
  };
  return {
    get service() {
      return get().service;
    },
    get rp() {
      return get().rp;
    },
  };
}
