/** Why a control call is not carried out. It is sent as `{ message, code }`. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;
  /** Headers of the response, e.g. `Allow`. */
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = "ControlError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
