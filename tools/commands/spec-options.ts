import { DEFAULT_MAX_SPEC_SIZE } from "../generate/read/file.ts";
import { wholeNumber } from "./reader/options.ts";
import type { Option } from "./reader/program.ts";

/** Options of every command that reads a description file. */
export const specOptions = {
  allowRefs: {
    argument: "dir",
    description: "a folder besides the spec's own that its $refs may lead into (repeatable)",
    repeatable: true,
  },
  maxSpecSize: {
    argument: "bytes",
    description: `how large a spec, overlay or file behind a $ref may be (default: ${DEFAULT_MAX_SPEC_SIZE})`,
    parse: wholeNumber({ from: 1 }),
  },
} as const satisfies Record<string, Option>;
