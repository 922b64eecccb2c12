import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { mock, temporary } from "./terminal.ts";

test("a mock that is killed has kept its compiled code for the next start", async () => {
  const cache = temporary("cache");
  mkdirSync(cache, { mode: 0o700 });
  const server = await mock(["--quiet"], { XDG_CACHE_HOME: cache });
  const compiled = join(cache, "necid/compiled");
  const files = () => (existsSync(compiled) ? readdirSync(compiled, { recursive: true }) : []);
  // About a hundred modules.
  await vi.waitFor(() => expect(files().length).toBeGreaterThan(50), { timeout: 60_000 });
  await server.stop("SIGKILL");
}, 90_000);
