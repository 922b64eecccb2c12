/** Answers by the question that they were given to. */
export type Memory<Answer> = {
  get(question: string): Answer | undefined;
  set(question: string, answer: Answer): void;
};

/**
 * A memory of bounded size: it forgets what it was told first, and takes in no question that is longer than
 * anybody asks in earnest. What clients send is part of the questions.
 */
export function createMemory<Answer>({ most = 10_000, longest = 1_000 } = {}): Memory<Answer> {
  const known = new Map<string, Answer>();
  return {
    get: (question) => known.get(question),
    set(question, answer) {
      if (question.length > longest) return;
      if (known.size >= most && !known.has(question)) known.delete(known.keys().next().value!);
      known.set(question, answer);
    },
  };
}
