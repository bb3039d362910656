import type { KeyboardEvent } from "react";

/**
 * Enter confirms a decision from anywhere in its dialog, a number field too, unless it is about to press something else.
 * In a field of several lines it begins a new one; there it takes Ctrl.
 */
export function isConfirm(event: KeyboardEvent<HTMLElement>): boolean {
  if (event.key !== "Enter" || event.defaultPrevented || event.repeat || event.nativeEvent.isComposing) return false;
  const { target, currentTarget } = event;
  // What lies on top of the dialog is part of it for React, but not on the page.
  if (!(target instanceof Element) || !currentTarget.contains(target)) return false;
  if (target.closest("textarea")) return event.ctrlKey || event.metaKey;
  return !target.closest("button, a[href], select");
}
