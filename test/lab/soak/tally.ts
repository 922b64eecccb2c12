import type { ReceivedResponse } from "./connection.ts";

type KindTally = { sent: number; answered: number; wrong: number; lost: number };

/** What the clients saw. */
export type Tally = {
  kinds: Record<string, KindTally>;
  total: KindTally;
  /** How often each operation gave each status and error type, in the words of the mock's coverage. */
  outcomes: Map<string, number>;
  /** Calls to the control API, reopened connections and uploads broken off half way: not among those sent. */
  aside: { controlCalls: number; reopened: number; brokenOff: number };
  /** How many of those sent carried a large picture. */
  large: number;
  /** The first things that went wrong. */
  complaints: string[];
  sent(kind: string, isLarge: boolean): void;
  answered(kind: string, response: ReceivedResponse, operation: string | undefined): void;
  wrong(kind: string, complaint: string): void;
  lost(kind: string, complaint: string): void;
};

export function createTally(): Tally {
  const total = none();
  const byKind: Record<string, KindTally> = {};
  const outcomes = new Map<string, number>();
  const complaints: string[] = [];
  const count = (kind: string, what: keyof KindTally) => {
    total[what]++;
    byKind[kind] ??= none();
    byKind[kind][what]++;
  };
  const complain = (kind: string, complaint: string) => {
    if (complaints.length < mostComplaints) complaints.push(`${kind}: ${complaint}`);
  };
  const tally: Tally = {
    kinds: byKind,
    total,
    outcomes,
    aside: { controlCalls: 0, reopened: 0, brokenOff: 0 },
    complaints,
    large: 0,
    sent(kind, isLarge) {
      count(kind, "sent");
      if (isLarge) tally.large++;
    },
    answered(kind, response, operation) {
      count(kind, "answered");
      if (operation === undefined) return;
      const key = outcomeKey({ operation, status: response.status, errorType: errorTypeOf(response) });
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
    },
    wrong(kind, complaint) {
      count(kind, "wrong");
      complain(kind, complaint);
    },
    lost(kind, complaint) {
      count(kind, "lost");
      complain(kind, complaint);
    },
  };
  return tally;
}

/** One name for an outcome, ours and the mock's alike. */
export function outcomeKey(outcome: { operation: string; status: number; errorType?: string }): string {
  const { operation, status, errorType } = outcome;
  return `${operation} ${status}${errorType === undefined ? "" : ` ${errorType}`}`;
}

const mostComplaints = 20;

function none(): KindTally {
  return { sent: 0, answered: 0, wrong: 0, lost: 0 };
}

/** The gateway's stands in a header, the service's own in the body. */
function errorTypeOf({ status, headers, body }: ReceivedResponse): string | undefined {
  if (status < 400) return undefined;
  return headers.get("x-amzn-errortype") ?? /"errorType":"(\w+)"\}$/.exec(body)?.[1];
}
