/** An option of the mock that would open it to more than its author meant. */
export class MockOptionError extends Error {
  readonly code = "MOCK_OPTION";
  /** Its name in `MockOptions`. */
  readonly option: "host" | "controlToken" | "spec" | "overlay";

  constructor(option: MockOptionError["option"], message: string) {
    super(message);
    this.name = "MockOptionError";
    this.option = option;
  }
}

/**
 * Refuses an empty host, which would listen on every address, and a control token that is empty or that no header
 * can carry. Both come from variables that are not set.
 *
 * @throws {MockOptionError} naming the option. It does not show the token.
 */
export function checkOptions({ host, controlToken }: { host: unknown; controlToken: unknown }): void {
  if (typeof host !== "string" || host.trim() === "")
    throw new MockOptionError(
      "host",
      "The host is empty. Give an address, such as 127.0.0.1, or 0.0.0.0 to listen on every one.",
    );
  if (controlToken === undefined) return;
  if (typeof controlToken !== "string" || controlToken.trim() === "")
    throw new MockOptionError(
      "controlToken",
      "The control token is empty. Give one (--control-token TOKEN or NECID_CONTROL_TOKEN), or leave it out and unset: then only this machine may call the control API.",
    );
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(controlToken))
    throw new MockOptionError(
      "controlToken",
      "The control token has characters that no header can carry. Use printable ASCII without a blank at either end.",
    );
}
