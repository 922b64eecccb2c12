import { type Connection, openConnection } from "./connection.ts";

/** A GET of the control API did not answer as it should. */
export class ControlError extends Error {
  readonly code = "CONTROL";

  constructor(path: string, reason: string) {
    super(`GET /__necid${path} ${reason}. Ask it by hand with curl.`);
    this.name = "ControlError";
  }
}

/** Reads below `/__necid`: the text of a 200. @throws {ControlError | ConnectionError} */
export async function readControl(connection: Connection, path: string): Promise<string> {
  const { status, body } = await connection.ask(`GET /__necid${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  if (status !== 200) throw new ControlError(path, `answered ${status}`);
  return body;
}

/** What the server says of itself after the run. */
export type Account = {
  journal: { entries: number; lastId: number };
  /** Outcomes and how often each was answered. */
  coverage: { operation: string; status: number; errorType?: string; calls: number }[];
  /** The ids in each application's gallery, sorted. */
  subjects: string[][];
};

/** Asks the server for journal, coverage and state over a connection of its own. */
export async function readAccount(port: number): Promise<Account> {
  const connection = await openConnection(port);
  const { entries } = JSON.parse(await readControl(connection, "/journal"));
  const { responses } = JSON.parse(await readControl(connection, "/coverage"));
  const state = JSON.parse(await readControl(connection, "/state"));
  connection.close();
  return {
    journal: { entries: entries.length, lastId: entries.at(-1)?.id ?? 0 },
    coverage: responses.filter(({ calls }: { calls: number }) => calls > 0),
    subjects: subjectsOf(state),
  };
}

/** The ids of a saved state, sorted, application by application. */
export function subjectsOf(state: { applications: { subjects: { id: string }[] }[] }): string[][] {
  return state.applications.map(({ subjects }) => subjects.map(({ id }) => id).sort());
}
