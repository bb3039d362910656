/**
 * A body that the server can end before its source does; the source is then told that nobody reads it any more.
 *
 * @param onEnd called once, however it ends
 */
export function endable(
  source: ReadableStream<Uint8Array>,
  onEnd: () => void,
): { readonly body: ReadableStream<Uint8Array>; readonly end: () => void } {
  const reader = source.getReader();
  let finished = false;
  let endRead = (): void => {};
  const finish = (): void => {
    if (!finished) onEnd();
    finished = true;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          // A source may leave a read that waits unanswered until its next chunk, though it is cancelled.
          const next = await new Promise<ReadableStreamReadResult<Uint8Array>>((resolve, reject) => {
            endRead = () => resolve({ done: true, value: undefined });
            reader.read().then(resolve, reject);
          });
          if (!next.done) return controller.enqueue(next.value);
          finish();
          controller.close();
        } catch (error) {
          finish();
          throw error;
        }
      },
      async cancel(reason) {
        finish();
        await reader.cancel(reason);
      },
    },
    // Nothing is taken from the source before somebody wants it.
    { highWaterMark: 0 },
  );
  return {
    body,
    end() {
      finish();
      endRead();
      reader.cancel().catch(() => undefined);
    },
  };
}
