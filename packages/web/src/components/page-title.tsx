/** React 19 hoists this into the document's head; the last page mounted wins. */
export function PageTitle(props: { readonly children: string }) {
  return <title>{`${props.children} · Sluice`}</title>;
}
