/** Which versions of the standard a description follows. */
export type Dialect = "2.0" | "3.0" | "3.1";

/**
 * What an object of a description may hold. A type is `text`, `number`, `boolean`, `any`, the name of a shape,
 * `[type]` for a list and `{type}` for a map of it, and `type?boolean` where a boolean is allowed too.
 */
type Shape = {
  fields: Record<string, string>;
  /** Fields of a later version of the standard, which the contract can hold: the author means them. */
  later?: Record<string, string>;
  required?: readonly string[];
  /** The type of every field that is not among `fields`. */
  others?: string;
  /** Another one may stand here by its `$ref`. */
  isReferable?: boolean;
};

export type Shapes = Record<string, Shape>;

/** The shapes of a version. The document itself is `root`. */
export function shapesOf(dialect: Dialect): Shapes {
  return { "2.0": SWAGGER, "3.0": OPENAPI_3_0, "3.1": OPENAPI_3_1 }[dialect];
}

/** The methods of an operation in a path item of any version. */
const OPERATIONS = Object.fromEntries(
  ["get", "put", "post", "delete", "options", "head", "patch"].map((method) => [method, "operation"]),
);

const DESCRIBED = { description: "text" };

const ABOUT: Shapes = {
  contact: { fields: { name: "text", url: "text", email: "text" } },
  license: { fields: { name: "text", url: "text" }, later: { identifier: "text" }, required: ["name"] },
  docs: { fields: { ...DESCRIBED, url: "text" }, required: ["url"] },
  tag: {
    fields: { name: "text", ...DESCRIBED, externalDocs: "docs" },
    later: { summary: "text", parent: "text", kind: "text" },
    required: ["name"],
  },
  info: {
    fields: {
      title: "text",
      ...DESCRIBED,
      termsOfService: "text",
      contact: "contact",
      license: "license",
      version: "text",
    },
    later: { summary: "text" },
    required: ["title", "version"],
  },
  xml: {
    fields: { name: "text", namespace: "text", prefix: "text", attribute: "boolean", wrapped: "boolean" },
  },
  requirement: { fields: {}, others: "[text]" },
};

/** What a schema holds in every version. */
const ASSERTIONS = {
  title: "text",
  ...DESCRIBED,
  type: "type",
  format: "text",
  default: "any",
  enum: "[any]",
  multipleOf: "number",
  maximum: "number",
  minimum: "number",
  maxLength: "number",
  minLength: "number",
  pattern: "text",
  maxItems: "number",
  minItems: "number",
  uniqueItems: "boolean",
};

const SCHEMA_2_0 = {
  ...ASSERTIONS,
  exclusiveMaximum: "limit",
  exclusiveMinimum: "limit",
  maxProperties: "number",
  minProperties: "number",
  required: "names",
  items: "items",
  allOf: "[schema]",
  properties: "{schema}",
  additionalProperties: "schema?boolean",
  discriminator: "discriminator",
  readOnly: "boolean",
  xml: "xml",
  externalDocs: "docs",
  example: "any",
};

const SCHEMA_3_0 = {
  ...SCHEMA_2_0,
  oneOf: "[schema]",
  anyOf: "[schema]",
  not: "schema",
  nullable: "boolean",
  writeOnly: "boolean",
  deprecated: "boolean",
};

const SCHEMA_3_1 = {
  ...SCHEMA_3_0,
  exclusiveMaximum: "limit",
  exclusiveMinimum: "limit",
  $id: "text",
  $schema: "text",
  $anchor: "text",
  $dynamicRef: "text",
  $dynamicAnchor: "text",
  $vocabulary: "any",
  $comment: "text",
  $defs: "{schema}",
  definitions: "{schema}",
  const: "any",
  prefixItems: "[schema]",
  contains: "schema",
  minContains: "number",
  maxContains: "number",
  unevaluatedItems: "schema",
  unevaluatedProperties: "schema",
  patternProperties: "{schema}",
  propertyNames: "schema",
  dependentSchemas: "{schema}",
  dependentRequired: "{[text]}",
  dependencies: "any",
  if: "schema",
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
  then: "schema",
  else: "schema",
  contentEncoding: "text",
  contentMediaType: "text",
  contentSchema: "schema",
  examples: "[any]",
};

/** What Swagger 2.0 says of a text that is a parameter, a header, or an item of one. */
const TEXT_2_0 = {
  items: "textItems",
  collectionFormat: "text",
  ...ASSERTIONS,
  exclusiveMaximum: "limit",
  exclusiveMinimum: "limit",
};

const SWAGGER: Shapes = {
  ...ABOUT,
  root: {
    fields: {
      swagger: "text",
      info: "info",
      host: "text",
      basePath: "text",
      schemes: "[text]",
      consumes: "[text]",
      produces: "[text]",
      paths: "paths",
      definitions: "{schema}",
      parameters: "{parameter}",
      responses: "{response}",
      securityDefinitions: "{scheme}",
      security: "[requirement]",
      tags: "[tag]",
      externalDocs: "docs",
      "x-ms-paths": "paths",
      "x-ms-parameterized-host": "hostTemplate",
    },
    required: ["info", "paths"],
  },
  hostTemplate: {
    fields: {
      hostTemplate: "text",
      useSchemePrefix: "boolean",
      positionInOperation: "text",
      parameters: "[parameter]",
    },
  },
  discriminator: { fields: { propertyName: "text", mapping: "{text}" }, required: ["propertyName"] },
  paths: { fields: {}, others: "path" },
  path: {
    fields: { ...OPERATIONS, parameters: "[parameter]" },
    later: { ...DESCRIBED, summary: "text" },
    isReferable: true,
  },
  operation: {
    fields: {
      tags: "[text]",
      summary: "text",
      ...DESCRIBED,
      externalDocs: "docs",
      operationId: "text",
      consumes: "[text]",
      produces: "[text]",
      parameters: "[parameter]",
      responses: "responses",
      schemes: "[text]",
      deprecated: "boolean",
      security: "[requirement]",
    },
    required: ["responses"],
  },
  parameter: {
    fields: {
      name: "text",
      in: "text",
      ...DESCRIBED,
      required: "boolean",
      schema: "schema",
      allowEmptyValue: "boolean",
      ...TEXT_2_0,
    },
    later: { deprecated: "boolean", example: "any", readOnly: "boolean" },
    required: ["name", "in"],
    isReferable: true,
  },
  textItems: { fields: TEXT_2_0, later: { example: "any" }, isReferable: true },
  header: { fields: TEXT_2_0, later: { example: "any", deprecated: "boolean" }, isReferable: true },
  responses: { fields: {}, others: "response" },
  response: {
    fields: { ...DESCRIBED, schema: "schema", headers: "{header}", examples: "examples" },
    required: ["description"],
    isReferable: true,
  },
  examples: { fields: {}, others: "any" },
  schema: { fields: SCHEMA_2_0, later: SCHEMA_3_1, isReferable: true },
  scheme: {
    fields: {
      type: "text",
      ...DESCRIBED,
      name: "text",
      in: "text",
      flow: "text",
      authorizationUrl: "text",
      tokenUrl: "text",
      scopes: "{text}",
    },
    required: ["type"],
  },
};

const MEDIA = { schema: "schema", example: "any", examples: "{example}" };
const SENT = { ...DESCRIBED, required: "boolean", deprecated: "boolean", allowEmptyValue: "boolean" };
const SERIALIZED = {
  style: "text",
  explode: "boolean",
  allowReserved: "boolean",
  ...MEDIA,
  content: "{media}",
};

const OPENAPI_3_0: Shapes = {
  ...ABOUT,
  root: {
    fields: {
      openapi: "text",
      info: "info",
      servers: "[server]",
      paths: "paths",
      components: "components",
      security: "[requirement]",
      tags: "[tag]",
      externalDocs: "docs",
    },
    later: { webhooks: "{path}", jsonSchemaDialect: "text" },
    required: ["info", "paths"],
  },
  server: {
    fields: { url: "text", ...DESCRIBED, variables: "{variable}" },
    later: { name: "text" },
    required: ["url"],
  },
  variable: { fields: { enum: "[text]", default: "text", ...DESCRIBED }, required: ["default"] },
  components: {
    fields: {
      schemas: "{schema}",
      responses: "{response}",
      parameters: "{parameter}",
      examples: "{example}",
      requestBodies: "{body}",
      headers: "{header}",
      securitySchemes: "{scheme}",
      links: "{link}",
      callbacks: "{callback}",
    },
    later: { pathItems: "{path}" },
  },
  paths: { fields: {}, others: "path" },
  path: {
    fields: {
      summary: "text",
      ...DESCRIBED,
      ...OPERATIONS,
      trace: "operation",
      servers: "[server]",
      parameters: "[parameter]",
    },
    isReferable: true,
  },
  operation: {
    fields: {
      tags: "[text]",
      summary: "text",
      ...DESCRIBED,
      externalDocs: "docs",
      operationId: "text",
      parameters: "[parameter]",
      requestBody: "body",
      responses: "responses",
      callbacks: "{callback}",
      deprecated: "boolean",
      security: "[requirement]",
      servers: "[server]",
    },
    required: ["responses"],
  },
  parameter: {
    fields: { name: "text", in: "text", ...SENT, ...SERIALIZED },
    required: ["name", "in"],
    isReferable: true,
  },
  header: { fields: { ...SENT, ...SERIALIZED }, isReferable: true },
  body: {
    fields: { ...DESCRIBED, content: "{media}", required: "boolean" },
    required: ["content"],
    isReferable: true,
  },
  media: { fields: { ...MEDIA, encoding: "{encoding}" } },
  encoding: {
    fields: {
      contentType: "text",
      headers: "{header}",
      style: "text",
      explode: "boolean",
      allowReserved: "boolean",
    },
  },
  responses: { fields: {}, others: "response" },
  response: {
    fields: { ...DESCRIBED, headers: "{header}", content: "{media}", links: "{link}" },
    required: ["description"],
    isReferable: true,
  },
  callback: { fields: {}, others: "path", isReferable: true },
  example: {
    fields: { summary: "text", ...DESCRIBED, value: "any", externalValue: "text" },
    isReferable: true,
  },
  link: {
    fields: {
      operationRef: "text",
      operationId: "text",
      parameters: "{any}",
      requestBody: "any",
      ...DESCRIBED,
      server: "server",
    },
    isReferable: true,
  },
  schema: { fields: SCHEMA_3_0, later: SCHEMA_3_1, isReferable: true },
  discriminator: {
    fields: { propertyName: "text", mapping: "{text}" },
    required: ["propertyName"],
  },
  scheme: {
    fields: {
      type: "text",
      ...DESCRIBED,
      name: "text",
      in: "text",
      scheme: "text",
      bearerFormat: "text",
      flows: "flows",
      openIdConnectUrl: "text",
    },
    required: ["type"],
    isReferable: true,
  },
  flows: {
    fields: {
      implicit: "flow",
      password: "flow",
      clientCredentials: "flow",
      authorizationCode: "flow",
    },
  },
  flow: {
    fields: { authorizationUrl: "text", tokenUrl: "text", refreshUrl: "text", scopes: "{text}" },
    required: ["scopes"],
  },
};

const OPENAPI_3_1: Shapes = {
  ...OPENAPI_3_0,
  root: {
    fields: { ...OPENAPI_3_0.root!.fields, ...OPENAPI_3_0.root!.later },
    required: ["info"],
  },
  info: { ...ABOUT.info!, fields: { ...ABOUT.info!.fields, summary: "text" } },
  license: { ...ABOUT.license!, fields: { ...ABOUT.license!.fields, identifier: "text" } },
  components: { fields: { ...OPENAPI_3_0.components!.fields, ...OPENAPI_3_0.components!.later } },
  operation: { ...OPENAPI_3_0.operation!, required: [] },
  schema: { fields: SCHEMA_3_1, isReferable: true },
};
