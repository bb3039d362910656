/**
 * Groups calls by key while an earlier group of the same key is at work, and hands each group over at once.
 * The first call of an idle key starts right away, so nobody waits for company.
 *
 * @param work gets the calls of one key in the order they came; returns an answer or an error for each
 * @returns a function that resolves or rejects with its own call's answer
 */
export function batcher<Key, Call, Answer extends object>(
  work: (key: Key, calls: readonly Call[]) => Promise<(Answer | Error)[]>,
): (key: Key, call: Call) => Promise<Answer> {
  interface Waiting {
    readonly call: Call;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: Error) => void;
  }
  const waitingByKey = new Map<Key, Waiting[]>();

  const drain = async (key: Key): Promise<void> => {
    for (let group = take(key); group.length > 0; group = take(key)) {
      try {
        const answers = await work(
          key,
          group.map(({ call }) => call),
        );
        for (const [index, waiting] of group.entries()) {
          const answer = answers[index] ?? new Error("A call of a group got no answer.");
          if (answer instanceof Error) waiting.reject(answer);
          else waiting.resolve(answer);
        }
      } catch (error) {
        for (const waiting of group) waiting.reject(error as Error);
      }
    }
    waitingByKey.delete(key);
  };
  const take = (key: Key): Waiting[] => waitingByKey.get(key)?.splice(0, MAX_GROUP) ?? [];

  return (key, call) =>
    new Promise((resolve, reject) => {
      const waiting = waitingByKey.get(key);
      if (waiting) {
        waiting.push({ call, resolve, reject });
        return;
      }
      waitingByKey.set(key, [{ call, resolve, reject }]);
      void drain(key);
    });
}

/** Bounds how long a group holds its run's lock. */
const MAX_GROUP = 200;
