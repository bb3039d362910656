import { notifications } from "@mantine/notifications";

/** A short confirmation that leaves by itself. */
export function toastDone(message: string): void {
  notifications.show({ message, color: "teal", autoClose: 5000, closeButtonProps: { "aria-label": "Dismiss" } });
}
