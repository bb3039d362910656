import { Link, type LinkProps } from "@tanstack/react-router";
import classes from "./section-nav.module.css";

export interface Section {
  readonly to: NonNullable<LinkProps["to"]>;
  readonly label: string;
  /** Counts as open at exactly its own address alone. */
  readonly exact?: boolean;
}

/** The pages of one area of the dashboard. */
export function SectionNav({ label, sections }: { readonly label: string; readonly sections: readonly Section[] }) {
  return (
    <nav aria-label={label} className={classes.nav}>
      {sections.map(({ to, label: words, exact = false }) => (
        <Link key={to} to={to} className={classes.link} activeOptions={{ exact, includeSearch: false }}>
          {words}
        </Link>
      ))}
    </nav>
  );
}
