import type { Answer, RawRequest } from "../http/exchange.ts";
import type { Control, ControlOptions } from "./control.ts";
import { isControl } from "./is-control.ts";

/** The control API for a server that may never be asked for it: it is loaded with its first call. */
export function openControl(options: ControlOptions): { answer: Control; tooLarge: Control } {
  let loading: ReturnType<typeof load> | undefined;
  return {
    answer: (request) => (isControl(request) ? ask("answer", request) : undefined),
    tooLarge: (request) => (isControl(request) ? ask("tooLarge", request) : undefined),
  };

  async function ask(what: "answer" | "tooLarge", request: RawRequest): Promise<Answer> {
    loading ??= load();
    return (await (await loading)[what](request))!;
  }

  async function load() {
    const { createControl, controlTooLarge } = await import("./control.ts");
    return { answer: createControl(options), tooLarge: controlTooLarge };
  }
}
