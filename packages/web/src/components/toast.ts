import { type NotificationData, notifications } from "@mantine/notifications";
import { useSyncExternalStore } from "react";

let wanted = false;
let lastDone: string | undefined;
const listeners = new Set<() => void>();

/**
 * A short confirmation that leaves by itself, or with the next one. Not for what is done in a dialog that stays open: that is
 * said in the dialog.
 */
export function toastDone(message: string): void {
  if (lastDone !== undefined) notifications.hide(lastDone);
  lastDone = show({ message, color: "teal", autoClose: 5000 });
}

/** What went wrong where its own page is no longer there to say so. Stays until it is dismissed. */
export function toastFailed(message: string, title?: string): void {
  show({ message, title, color: "red", autoClose: false });
}

function show(toast: Pick<NotificationData, "message" | "title" | "color" | "autoClose">): string {
  // It waits in the library's store until what shows it is loaded.
  const id = notifications.show({ ...toast, closeButtonProps: { "aria-label": "Dismiss" } });
  wanted = true;
  for (const listener of listeners) listener();
  return id;
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
