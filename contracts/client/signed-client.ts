import type { Client, FetchOptions, FetchResponse, ParseAs } from "openapi-fetch";
import type { FilterKeys, HttpMethod, MediaType, PathsWithMethod } from "openapi-typescript-helpers";

/**
 * An openapi-fetch client whose calls take what their operation documents and nothing else: a misspelled
 * property of a body, of a parameter or of the options does not compile. In openapi-fetch's own `Client` it does.
 */
export type SignedClient<Paths extends {}, Media extends MediaType = MediaType> = {
  [Method in HttpMethod as Uppercase<Method>]: SignedMethod<Paths, Method, Media>;
} & {
  request<
    Method extends HttpMethod,
    Path extends PathsWithMethod<AnyPaths<Paths>, Method>,
    As extends ParseAs = "json",
  >(
    method: Method,
    path: Path,
    ...init: CallOptions<Paths[Path & keyof Paths], Method, As>
  ): CallResult<Paths[Path & keyof Paths], Method, Media, As>;
} & Pick<Client<Paths, Media>, "use" | "eject">;

/** One method of a client, for all paths that have it. */
type SignedMethod<Paths extends {}, Method extends HttpMethod, Media extends MediaType> = <
  Path extends PathsWithMethod<AnyPaths<Paths>, Method>,
  As extends ParseAs = "json",
>(
  path: Path,
  ...init: CallOptions<Paths[Path & keyof Paths], Method, As>
) => CallResult<Paths[Path & keyof Paths], Method, Media, As>;

/** The options of a call. They may be left out if no member is required. */
type CallOptions<PathItem, Method, As> =
  Record<never, never> extends FetchOptions<FilterKeys<PathItem, Method>>
    ? [init?: FetchOptions<FilterKeys<PathItem, Method>> & { parseAs?: As }]
    : [init: FetchOptions<FilterKeys<PathItem, Method>> & { parseAs?: As }];

type CallResult<PathItem, Method, Media extends MediaType, As> = Promise<
  FetchResponse<AnyOperation<FilterKeys<PathItem, Method>>, { parseAs: As }, Media>
>;

// biome-ignore lint/suspicious/noExplicitAny: openapi-fetch's own bounds; with narrower ones nothing is inferred.
type AnyOperation<Operation> = Operation extends Record<string | number, any> ? Operation : never;
// biome-ignore lint/suspicious/noExplicitAny: as above.
type AnyPaths<Paths> = Paths extends Record<string, any> ? Paths : never;
