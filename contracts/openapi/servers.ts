export type ServerObject = { url: string; variables?: Record<string, { default?: unknown }> };

/**
 * The URL of the contract's first server, with the defaults of its variables. A variable of the path without one
 * is left out, and its slash with it.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#server-object
 */
export function serverUrl({ servers }: { servers?: ServerObject[] }): string | undefined {
  const server = servers?.[0];
  if (typeof server?.url !== "string") return undefined;
  if (!/[{]/.test(server.url)) return withBasePathVariable(server);
  const defaultOf = (name: string) => server.variables?.[name]?.default;
  const [, origin, path] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)?([\s\S]*)$/i.exec(server.url)!;
  const filledOrigin = (origin ?? "").replaceAll(/\{([^{}]*)\}/g, (text, name) =>
    String(defaultOf(name) ?? text),
  );
  // API Gateway writes the default of `/{basePath}` with a slash and without one.
  const filledPath = path!.replaceAll(/(?:(?<!\/)\/+)?\{([^{}]*)\}/g, (text, name) => {
    const value = String(defaultOf(name) ?? "").replace(/^\/+|(?<!\/)\/+$/g, "");
    return value !== "" && text.startsWith("/") ? `/${value}` : value;
  });
  return filledOrigin + filledPath;
}

/** API Gateway takes the path from a variable of this name, also where the URL does not use it. */
function withBasePathVariable({ url, variables }: ServerObject): string {
  const path = variables?.basePath?.default;
  if (typeof path !== "string" || !/^[a-z]+:\/\/[^/]+\/?$/i.test(url)) return url;
  const inner = path.replace(/^\/+|(?<!\/)\/+$/g, "");
  return inner === "" ? url : `${url.replace(/\/$/, "")}/${inner}`;
}
