import type { Locator, Page } from "playwright-core";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Two fingers on a touch screen, put down on an element and moved apart or together, as the screen itself would tell it. */
export async function pinch(
  page: Page,
  on: Locator,
  from: number,
  to: number,
  along: Point = { x: 1, y: 0.4 },
): Promise<void> {
  const box = await on.boundingBox();
  if (!box) throw new Error("What is to be pinched is not on the screen.");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await page.context().newCDPSession(page);
  const points = (apart: number) => [
    { id: 1, x: middle.x - (along.x * apart) / 2, y: middle.y - (along.y * apart) / 2 },
    { id: 2, x: middle.x + (along.x * apart) / 2, y: middle.y + (along.y * apart) / 2 },
  ];
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: { id: number; x: number; y: number }[]) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints });
  const [first] = points(from);
  await touch("touchStart", [first!]);
  await touch("touchStart", points(from));
  for (let step = 1; step <= 8; step++) await touch("touchMove", points(from + ((to - from) * step) / 8));
  await touch("touchEnd", []);
  await session.detach();
}
