import { createRequire } from "node:module";

/**
 * What the mock needs of `node:http`, as `require` gives it. An `import` of that module reads every one of
 * its exports, and one of them loads a WebSocket client: half of the time that the mock takes to start.
 *
 * @see https://github.com/nodejs/node/issues/59686
 */
export const { createServer, STATUS_CODES, validateHeaderValue }: typeof import("node:http") = createRequire(
  import.meta.url,
)("node:http");
