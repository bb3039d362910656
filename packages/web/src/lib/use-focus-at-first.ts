import { type RefObject, useEffect, useRef } from "react";

/**
 * For what gets the focus once it is there: where the button that led to it is gone, the focus would be gone with it.
 * Nothing is scrolled.
 */
export function useFocusAtFirst<E extends HTMLElement>(): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => element.current?.focus({ preventScroll: true }), []);
  return element;
}
