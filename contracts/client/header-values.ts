/** A header has an invalid value; nothing was sent. The value is not shown, because it may be a key. */
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
 * Checks that header values are printable ASCII, apart from white space around them. `fetch` would quote other
 * values in its error, and the gateway may decode them differently from how they were signed.
 *
 * @param headers in any form that openapi-fetch takes.
 * @throws {HeaderValueError} for the first invalid header.
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
