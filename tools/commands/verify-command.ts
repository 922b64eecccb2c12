/** What `necid verify` was asked for. */
export type VerifyCommand = {
  /** `mock`, `live` or a base URL. */
  target: string;
  plan?: boolean;
  clean?: boolean;
  /** Whom to compare the target with. */
  compare?: "mock";
  maxCalls?: number;
  rate?: number;
  /** A folder of pictures by role. */
  faces?: string;
  /** A file of deviations. */
  accept?: string;
  /** A folder for the report's files. */
  report?: string;
  ledger: string;
  /** Seconds. */
  timeout: number;
  part: string[];
  /** Files, folders and URLs of pacts, besides the recorded one. */
  pact?: string[];
};

export type VerifyTerminal = {
  stdout(text: string): void;
  stderr(text: string): void;
  env: Record<string, string | undefined>;
};

/** The command was given something it cannot work with. */
export class VerifyCommandError extends Error {
  readonly code = "VERIFY_COMMAND";

  constructor(message: string) {
    super(message);
    this.name = "VerifyCommandError";
  }
}
