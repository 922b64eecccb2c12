import type { BaseResolver } from "@redocly/openapi-core";

export type Redocly = typeof import("@redocly/openapi-core");

/** Redocly, loaded on first use because that takes half a second. */
export function redocly(): Promise<Redocly> {
  return import("@redocly/openapi-core");
}

/** Reads the files that relative `$ref`s name; refuses every URL, so that a document never causes a request. */
export function localResolver({ BaseResolver, ResolveError }: Redocly): BaseResolver {
  class LocalResolver extends BaseResolver {
    override loadExternalRef(absoluteRef: string) {
      if (!/^[a-z][a-z0-9+.-]+:/i.test(absoluteRef)) return super.loadExternalRef(absoluteRef);
      throw new ResolveError(new Error("remote documents are not fetched"));
    }
  }
  return new LocalResolver();
}
