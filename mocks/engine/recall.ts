import type { OperationAnswers, StaticAnswer } from "./answers.ts";
import type { EngineAnswer, Question } from "./prism.ts";

/**
 * Answers a question with what Prism answered to it when the contract was generated.
 *
 * @returns undefined where only Prism can tell: dynamic values, several media types to choose from,
 * statuses and examples that are not there.
 */
export function recall(
  known: OperationAnswers | undefined,
  question: Question,
): Omit<EngineAnswer, "violations"> | undefined {
  const { dynamic, code, example } = question.preference;
  if (!known || dynamic) return undefined;
  const status = code ?? known.usual;
  const answers = known.statuses[status];
  if (!answers || (question.headers.accept && offersSeveral(answers))) return undefined;
  const answer = answers.find((each) => each.example === example);
  return answer && { status, headers: answer.headers, mediaType: answer.mediaType, body: answer.body };
}

function offersSeveral(answers: StaticAnswer[]): boolean {
  return answers.some(({ mediaType }) => mediaType !== answers[0]!.mediaType);
}
