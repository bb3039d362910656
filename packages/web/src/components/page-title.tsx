import { useWaitingCount } from "../lib/waiting-count.ts";

/**
 * React 19 hoists this into the document's head; the last page mounted wins. In front stands how many gates wait for
 * the viewer, to be seen from another tab.
 */
export function PageTitle(props: { readonly children: string }) {
  const waiting = useWaitingCount();
  return <title>{`${waiting > 0 ? `(${waiting}) ` : ""}${props.children} · Sluice`}</title>;
}
