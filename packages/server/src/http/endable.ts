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
  let ended = false;
  const finish = (): void => {
    if (!ended) onEnd();
    ended = true;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await reader.read();
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
      // A read that waits resolves as the end.
      reader.cancel().catch(() => undefined);
    },
  };
}
