/** A scale whose ends and marks are numbers that people count in. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Where a value lies between the ends, in percent. */
  place(value: number): number;
}

/** 1, 2 or 5 times a power of ten: the step that leads to at most `most` marks. */
function niceStep(span: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(span / most));
  for (const factor of [1, 2, 5]) {
    if (span / (factor * power) <= most) return factor * power;
  }
  return 10 * power;
}

/** Covers all of the values, in about `marks` steps. Values that are all the same get some room on both sides. */
export function niceScale(values: readonly number[], marks = 4): Scale {
  const finite = values.filter(Number.isFinite);
  const least = Math.min(...finite, Number.POSITIVE_INFINITY);
  const most = Math.max(...finite, Number.NEGATIVE_INFINITY);
  if (least > most) return scale(0, 1, 1);
  if (least === most)
    return least === 0 ? scale(0, 1, 1) : scale(Math.min(0, 2 * least), Math.max(0, 2 * least), Math.abs(least));
  const step = niceStep(most - least, marks);
  return scale(Math.floor(least / step) * step, Math.ceil(most / step) * step, step);
}

function scale(from: number, to: number, step: number): Scale {
  const count = Math.round((to - from) / step);
  return {
    from,
    to,
    ticks: Array.from({ length: count + 1 }, (_, index) => from + index * step),
    place: (value) => ((value - from) / (to - from)) * 100,
  };
}
