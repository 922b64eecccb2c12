import { createMemory } from "../http/cache.ts";
import type { Asked, Engine, EngineAnswer, Question } from "./prism.ts";
import type { OperationAnswers, StaticAnswer } from "./responses.ts";

/** An engine that is asked once for each answer that cannot change. */
export type RecallingEngine = {
  /** The answer to a valid question, where it is known. */
  recall(question: Question, operation: Known): Answer | undefined;
  ask(question: Question, operation: Known): Promise<EngineAnswer>;
};

type Known = Asked & { key: string };
type Answer = Omit<EngineAnswer, "violations">;

/**
 * Remembers what an engine answers. The answer to a valid question depends on the operation, the status and
 * the example asked for, and on what is accepted; dynamic answers are new each time.
 *
 * @param prepared what was answered when the contract was generated, by operation key.
 */
export function withMemory(engine: Engine, prepared: Record<string, OperationAnswers> = {}): RecallingEngine {
  const memory = createMemory<Answer>();
  return {
    recall(question, operation) {
      if (question.preference.dynamic) return undefined;
      return fromPrepared(prepared[operation.key], question) ?? memory.get(nameOf(question, operation));
    },
    async ask(question, operation) {
      const answer = await engine.ask(question, operation);
      const lasting = !question.preference.dynamic && answer.violations.length === 0;
      if (lasting) memory.set(nameOf(question, operation), answer);
      return answer;
    },
  };
}

function nameOf({ preference, headers }: Question, { key }: Known): string {
  return [key, preference.code, preference.example, headers.accept].join("\n");
}

/** `undefined` where only Prism can tell: several media types to choose from, statuses and examples that are not there. */
function fromPrepared(known: OperationAnswers | undefined, question: Question): Answer | undefined {
  if (!known) return undefined;
  const { code, example } = question.preference;
  const status = code ?? known.usual;
  const answers = known.statuses[status];
  if (!answers || (offersSeveral(answers) && question.headers.accept)) return undefined;
  const answer = answers.find((each) => each.example === example);
  return answer && { status, headers: answer.headers, mediaType: answer.mediaType, body: answer.body };
}

function offersSeveral(answers: StaticAnswer[]): boolean {
  return answers.some(({ mediaType }) => mediaType !== answers[0]!.mediaType);
}
