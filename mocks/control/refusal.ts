/** Why a control call is not carried out; it is answered as `{ message, code }`. */
export class ControlRefusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Headers that go with the answer, e.g. `Allow`. */
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = "ControlRefusal";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
