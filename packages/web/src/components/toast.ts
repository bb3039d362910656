import { type NotificationData, notifications } from "@mantine/notifications";
import { useSyncExternalStore } from "react";

let wanted = false;
const listeners = new Set<() => void>();

/** A short confirmation that leaves by itself. */
export function toastDone(message: string): void {
  show({ message, color: "teal", autoClose: 5000 });
}

/** What went wrong where its own page is no longer there to say so. Stays until it is dismissed. */
export function toastFailed(message: string, title?: string): void {
  show({ message, title, color: "red", autoClose: false });
}

function show(toast: Pick<NotificationData, "message" | "title" | "color" | "autoClose">): void {
  // It waits in the library's store until what shows it is loaded.
  notifications.show({ ...toast, closeButtonProps: { "aria-label": "Dismiss" } });
  wanted = true;
  for (const listener of listeners) listener();
}

/** Whether there was anything to say yet. */
export function useToastsWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => wanted,
  );
}
