/** What a failed run is about. Only `contract` means that the provider does not conform. */
export type FailureKind = "contract" | "credentials" | "quota" | "clock" | "network" | "outage";

/** The run cannot continue, for a reason other than the contract. */
export class RunStopped extends Error {
  readonly code = "RUN_STOPPED";
  readonly kind: Exclude<FailureKind, "contract"> | "budget" | "interrupted" | "ledger" | "internal";

  constructor(kind: RunStopped["kind"], message: string) {
    super(message);
    this.name = "RunStopped";
    this.kind = kind;
  }
}
