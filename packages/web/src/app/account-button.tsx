import { ActionIcon } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { UserIcon } from "../components/icons.tsx";

const load = () => import("./viewer-menu.tsx");
const ViewerMenu = lazy(() => load().then(({ ViewerMenu }) => ({ default: ViewerMenu })));

/** The way to the viewer's own menu. Its script is a tenth of the first load, so it comes when somebody reaches for it. */
export function AccountButton() {
  const [pressed, setPressed] = useState(false);
  // What only waits for the press may fail: the press tries again, and says so.
  const prepare = () => void load().catch(() => {});
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label="Your account"
      aria-haspopup="menu"
      onPointerEnter={prepare}
      onFocus={prepare}
      onClick={() => setPressed(true)}
    >
      <UserIcon />
    </ActionIcon>
  );
  return pressed ? (
    <Suspense fallback={button}>
      <ViewerMenu />
    </Suspense>
  ) : (
    button
  );
}
