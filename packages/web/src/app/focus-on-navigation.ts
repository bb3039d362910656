/** Needed of the router: when another page is there. */
interface Navigations {
  subscribe(
    event: "onResolved",
    listener: (event: { readonly fromLocation?: unknown; readonly pathChanged: boolean }) => void,
  ): () => void;
}

/**
 * After a navigation within the page the keyboard and screen readers go on at the top of the new content, as they would
 * after a real one. A page that has put the focus somewhere itself, and navigation within the content, are left alone.
 */
export function focusOnNavigation(router: Navigations): void {
  router.subscribe("onResolved", ({ fromLocation, pathChanged }) => {
    if (fromLocation === undefined || !pathChanged) return;
    const main = document.getElementById("main");
    if (main?.contains(document.activeElement)) return;
    main?.focus({ preventScroll: true });
  });
}
