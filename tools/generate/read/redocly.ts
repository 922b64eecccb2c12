import type { BaseResolver } from "@redocly/openapi-core";
import type { Json } from "../../../contracts/openapi/json.ts";
import { plainJson } from "./plain-json.ts";
import {
  type Access,
  isUrl,
  NOT_FETCHED,
  RefusedReferenceError,
  readAllowed,
  withInlinedValues,
} from "./references.ts";

export type Redocly = typeof import("@redocly/openapi-core");

/** Redocly, loaded on first use because that takes half a second. */
export function redocly(): Promise<Redocly> {
  return import("@redocly/openapi-core");
}

/**
 * Reads the files that references may lead to, and no others. Refuses every URL, so that a document never causes
 * a request.
 */
export function localResolver(engine: Redocly, access: Access): BaseResolver {
  const { BaseResolver, ResolveError, Source } = engine;
  class LocalResolver extends BaseResolver {
    override async loadExternalRef(absoluteRef: string) {
      try {
        if (isUrl(absoluteRef)) throw new RefusedReferenceError(NOT_FETCHED);
        const { text } = readAllowed(access, absoluteRef);
        return new Source(absoluteRef, text.replace(/\r\n/g, "\n"));
      } catch (error) {
        throw new ResolveError(error as Error);
      }
    }

    override parseDocument(source: InstanceType<Redocly["Source"]>, isRoot?: boolean) {
      const { parsed } = super.parseDocument(source, isRoot);
      const file = source.absoluteRef;
      try {
        return { source, parsed: inlineValues(engine, { root: plain(parsed), file, access }) };
      } catch (error) {
        throw new ResolveError(error as Error);
      }
    }
  }
  return new LocalResolver();
}

/** `withInlinedValues` with Redocly's parser. */
export function inlineValues(
  { parseYaml }: Redocly,
  { root, file, access }: { root: Json; file: string; access: Access },
): Json {
  const parse = (name: string, text: string) => {
    if (!/\.(ya?ml|json)$/i.test(name)) return text;
    try {
      return plain(parseYaml(text));
    } catch (error) {
      if (error instanceof RefusedReferenceError) throw error;
      throw new RefusedReferenceError("the file cannot be parsed");
    }
  };
  return withInlinedValues(root, { file, access, parse });
}

function plain(parsed: unknown): Json {
  if (parsed === undefined) return null;
  return plainJson(parsed, ({ message }) => new RefusedReferenceError(`in the file: ${message}`));
}
