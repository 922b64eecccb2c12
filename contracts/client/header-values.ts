/** A header that cannot be sent; nothing was. It names the header, never its value, which may be a key. */
export class HeaderValueError extends Error {
  readonly code = "HEADER_VALUE";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  readonly header: string;

  constructor(operation: string, header: string) {
    super(
      `${operation} was not sent: its header "${header}" is not printable ASCII text. Correct its value.`,
    );
    this.name = "HeaderValueError";
    this.operation = operation;
    this.header = header;
  }
}

/**
 * Refuses values that `fetch` would quote in its own error, and those that the gateway would read in
 * another encoding than the one that was signed. White space around a value is not part of it.
 *
 * @param headers in any form that a call takes them.
 * @throws HeaderValueError naming the first such header.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5
 */
export function checkHeaderValues(operation: string, headers: unknown): void {
  const entries: [string, unknown][] =
    headers instanceof Headers || Array.isArray(headers) ? [...headers] : Object.entries(headers ?? {});
  for (const [name, values] of entries) {
    const isPrintable = [values].flat().every((value) => /^[\t -~]*$/.test(String(value).trim()));
    if (!isPrintable) throw new HeaderValueError(operation, name);
  }
}
