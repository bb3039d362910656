/** Runs whose end this window has celebrated: one that is left and opened again does not begin anew. */
const celebrated = new Set<string>();

/** True the first time that it is asked for a run in this window. */
export function mayCelebrate(runId: string): boolean {
  if (celebrated.has(runId)) return false;
  celebrated.add(runId);
  return true;
}

const FRAME = { position: "fixed", inset: "0", width: "100%", height: "100%", pointerEvents: "none", zIndex: "500" };
const COLORS = ["#0e7490", "#2aa5c0", "#12b886", "#f2b535", "#e5a11a"];

/**
 * Confetti from both lower corners, for three seconds or so. On a canvas of its own, on this thread: the library's
 * worker comes from a blob, which the content security policy refuses.
 */
export async function confetti(): Promise<void> {
  const { default: library } = await import("canvas-confetti");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  canvas.dataset.celebration = "";
  Object.assign(canvas.style, FRAME);
  document.body.append(canvas);
  try {
    const fire = library.create(canvas, { resize: true, useWorker: false, disableForReducedMotion: true });
    const burst = { particleCount: 90, spread: 65, startVelocity: 55, ticks: 180, colors: COLORS };
    await Promise.all([
      fire({ ...burst, angle: 60, origin: { x: 0, y: 0.9 } }),
      fire({ ...burst, angle: 120, origin: { x: 1, y: 0.9 } }),
    ]);
  } finally {
    canvas.remove();
  }
}
