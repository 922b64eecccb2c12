import type { Option } from "./reader/program.ts";

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
