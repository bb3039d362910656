import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";
import classes from "./toasts.module.css";

/** Above everything else on the page. */
const Z_INDEX = 1100;

/** In the strip of the header, which no dialog covers: what one needs next is never below them. */
export function Toasts() {
  return (
    <Notifications
      position="top-center"
      layout="stacked"
      zIndex={Z_INDEX}
      classNames={{ root: classes.strip ?? "", notification: classes.toast ?? "" }}
    />
  );
}
