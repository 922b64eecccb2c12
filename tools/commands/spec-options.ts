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

/** What requests are signed for. A host such as `….execute-api.eu-west-1.amazonaws.com` says both. */
export const scopeOptions = {
  region: {
    argument: "name",
    description: "region of the signature (default: that of the host, else ap-southeast-2)",
  },
  service: {
    argument: "name",
    description: "service of the signature (default: that of the host, else execute-api)",
  },
} as const satisfies Record<string, Option>;
