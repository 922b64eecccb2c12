import type { DataName } from "./oddity.ts";

/** The sections of the page. */
export const SECTIONS: { heading: string; data: DataName }[] = [
  { heading: "Swagger 2.0", data: "swagger" },
  { heading: "OpenAPI 3.0", data: "openapi-3.0" },
  { heading: "OpenAPI 3.1", data: "openapi-3.1" },
  { heading: "YAML, JSON and several files", data: "files" },
];
