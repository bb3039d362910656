import { notifications } from "@mantine/notifications";

/** A short confirmation that leaves by itself. */
export function toastDone(message: string): void {
  notifications.show({ message, color: "teal", autoClose: 5000, closeButtonProps: { "aria-label": "Dismiss" } });
}

/** A failure in words; it stays longer because it asks for something. */
export function toastFailed(message: string): void {
  notifications.show({ message, color: "red", autoClose: 12_000, closeButtonProps: { "aria-label": "Dismiss" } });
}
