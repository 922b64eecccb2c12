import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";

import type { Control, ControlOptions } from "./control.ts";
import { isControl } from "./is-control.ts";

/** The control API for a server that may never be asked for it: the first control call loads it. */
export function openControl(options: ControlOptions): { respond: Control; tooLarge: Control } {
  let loading: ReturnType<typeof load> | undefined;
  return {
    respond: (request) => (isControl(request) ? call("respond", request) : undefined),
    tooLarge: (request) => (isControl(request) ? call("tooLarge", request) : undefined),
  };

  async function call(name: "respond" | "tooLarge", request: HttpRequest): Promise<HttpResponse> {
    loading ??= load();
    return (await (await loading)[name](request))!;
  }

  async function load() {
    const { createControl, controlTooLarge } = await import("./control.ts");
    return { respond: createControl(options), tooLarge: controlTooLarge };
  }
}
