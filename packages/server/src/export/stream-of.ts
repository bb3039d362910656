/**
 * A body that takes the next piece only once the one before has been read, so it needs the memory of one piece.
 * Where a piece cannot be had the connection ends without the body's end, which every client takes for a failure.
 */
export function streamOf(
  pieces: AsyncGenerator<string | Uint8Array, void>,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
        } catch (error) {
          onError(error);
          throw error;
        }
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}
