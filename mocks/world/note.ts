import { nextTick, setImmediate } from "../http/real-time.ts";

/** Why a request was refused: the text, or what finds it when somebody reads it. */
export type Note = string | (() => string | undefined);

/** The text of a note. */
export function readNote(note: Note | undefined): string | undefined {
  return typeof note === "function" ? note() : note;
}

/** Makes a note that is written when it is first read, and then keeps nothing but its text. */
export function lazyNote(write: () => string | undefined): Note {
  let pending: typeof write | undefined = write;
  let text: string | undefined;
  return () => {
    if (pending) text = pending();
    pending = undefined;
    return text;
  };
}

/** Calls `work` when the response that is being made has left. The server sends responses at the end of a turn. */
export function afterResponse(work: () => void): void {
  nextTick(() => setImmediate(work));
}
