/** What a red result is about. Only `contract` says that the provider breaks its promise. */
export type RedKind = "contract" | "credentials" | "quota" | "clock" | "network" | "outage";

/** The run cannot go on, and it is not the contract's fault. */
export class RunStopped extends Error {
  readonly code = "RUN_STOPPED";
  readonly kind: Exclude<RedKind, "contract"> | "budget" | "interrupted";

  constructor(kind: RunStopped["kind"], message: string) {
    super(message);
    this.name = "RunStopped";
    this.kind = kind;
  }
}
