import type { Hono } from "hono";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import type { PageSurface } from "../pages/surface.ts";

export function mountAdmin(_app: Hono<Env>, _deps: Deps, _surface: PageSurface): void {}
