import { notifications } from "@mantine/notifications";

/** A short confirmation that leaves by itself. */
export function toastDone(message: string): void {
  notifications.show({ message, color: "teal", autoClose: 5000, closeButtonProps: { "aria-label": "Dismiss" } });
}

/** What went wrong where its own page is no longer there to say so. Stays until it is dismissed. */
export function toastFailed(message: string): void {
  notifications.show({ message, color: "red", autoClose: false, closeButtonProps: { "aria-label": "Dismiss" } });
}
