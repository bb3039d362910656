/** Where a key leads from a tile of a grid; undefined where the key moves nothing. */
export function moved(
  key: string,
  from: number,
  columns: number,
  count: number,
  rowsPerPage: number,
): number | undefined {
  const last = count - 1;
  if (last < 0) return undefined;
  const to = target(key, from, columns, last, rowsPerPage);
  return to === undefined ? undefined : Math.min(Math.max(to, 0), last);
}

function target(key: string, from: number, columns: number, last: number, rowsPerPage: number): number | undefined {
  switch (key) {
    case "ArrowLeft":
      return from - 1;
    case "ArrowRight":
      return from + 1;
    case "ArrowUp":
      return from - columns < 0 ? from : from - columns;
    case "ArrowDown":
      return down(from, columns, last);
    case "PageUp":
      return from - columns * rowsPerPage;
    case "PageDown":
      return from + columns * rowsPerPage;
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}

/** To a last row that is not full too: then to its end. */
function down(from: number, columns: number, last: number): number {
  const rowOf = (index: number) => Math.floor(index / columns);
  return rowOf(from) === rowOf(last) ? from : from + columns;
}
