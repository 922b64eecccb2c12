import { fileURLToPath } from "node:url";

/** A contract that both sides serve. */
export type Specimen = {
  name: string;
  /** The Swagger or OpenAPI file; NEC ID's own contract is the generated one. */
  file?: string;
  /** What is told by it that the others do not tell. */
  style: string;
};

/** NEC ID and eleven files of others; where these come from stands in `contracts/README.md`. */
export const specimens: Specimen[] = [
  { name: "necid-v1", style: "behind API Gateway: Signature V4, Base64, an error type for each mistake" },
  foreign("petstore", "Swagger 2.0: JSON and XML, form data, a file, collectionFormat"),
  foreign("galaxy", "OpenAPI 3.1: type arrays, webhooks, callbacks, every kind of security scheme"),
  foreign("apideck-webhook", "deepObject queries, anyOf, nullable values, an example for each answer"),
  foreign("bbc-ibl", "thirty operations that only read: lists and enumerations in long queries"),
  foreign("cognito-sync", "an AWS service: Signature V4, patterns, long parameters, allOf around each $ref"),
  foreign("conjur", "text and YAML bodies, basic authentication, a security scheme that Prism does not know"),
  foreign("microcks", "multipart, binary answers, maps, a discriminator"),
  foreign("portfolio-optimizer", "large: 94 operations, deep bodies, bounds everywhere, many examples"),
  foreign("security", "every kind of security scheme on an operation of its own"),
  foreign("vonage-reports", "oneOf with discriminators, allOf, long lists of query parameters"),
  foreign("vonage-verify", "forms, oneOf answers, defaults, bounds"),
];

function foreign(name: string, style: string): Specimen {
  return { name, style, file: fileURLToPath(new URL(`contracts/${name}.json`, import.meta.url)) };
}
