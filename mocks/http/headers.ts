/**
 * The headers by lower-case name, as a signature counts them: values trimmed, inner blanks collapsed,
 * duplicates joined with `,` in the order received.
 *
 * @param rawHeaders names and values alternating, as Node gives them.
 */
export function joinHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    const value = collapsed(rawHeaders[i + 1]!);
    const received = headers.get(name);
    headers.set(name, received === undefined ? value : `${received},${value}`);
  }
  return headers;
}

/**
 * The headers by lower-case name, as Node's own `headers` has them and stock Prism reads them: values as
 * received, duplicates joined with `, ` or, where only one value makes sense, left out.
 *
 * @see https://nodejs.org/api/http.html#messageheaders
 */
export function joinHeadersAsNode(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    const value = rawHeaders[i + 1]!;
    const received = headers.get(name);
    if (received === undefined) headers.set(name, value);
    else if (!singleValued.has(name))
      headers.set(name, `${received}${name === "cookie" ? "; " : ", "}${value}`);
  }
  return headers;
}

const singleValued = new Set(
  "age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent".split(
    " ",
  ),
);

/** Only blank and tab: a byte of a UTF-8 character may look like a no-break space (0xA0) in latin1. */
function collapsed(value: string): string {
  // Most values need nothing; Node has cut their ends already.
  if (!value.includes("  ") && !value.includes("\t") && value.trim().length === value.length) return value;
  return value.replace(/[ \t]+/g, " ").replace(/^ | $/g, "");
}
