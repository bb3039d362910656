import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Deep water: the one accent. White on shade 7 is 5.4:1; shade 4 is for text on dark. */
const water: MantineColorsTuple = [
  "#ecfafd",
  "#d8f1f7",
  "#aee3ee",
  "#80d3e5",
  "#52bdd4",
  "#2aa5c0",
  "#158aa6",
  "#0e7490",
  "#0c6079",
  "#0a4d62",
];

/** Waiting for a person. Mantine's yellow is too pale for text on its own tint; shade 9 here is 7:1 on it. */
const amber: MantineColorsTuple = [
  "#fff8e6",
  "#fdeec9",
  "#fadc98",
  "#f6c861",
  "#f2b535",
  "#e5a11a",
  "#c98810",
  "#a86c08",
  "#875306",
  "#6b4004",
];

/** The title of every dialog. */
const DIALOG_TITLE = { title: { fontSize: "var(--mantine-h4-font-size)", fontWeight: "650", lineHeight: "1.3" } };

/** Above a dialog, below the header, and under it. */
const DIALOG_GAP = "2dvh";

export const theme = createTheme({
  colors: { water, amber },
  primaryColor: "water",
  primaryShade: 7,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  headings: { fontWeight: "650" },
  // Plain objects: `Modal.extend()` would load every dialog with the first page.
  components: {
    Modal: { defaultProps: { yOffset: DIALOG_GAP, closeButtonProps: { "aria-label": "Close" } }, styles: DIALOG_TITLE },
    ModalRoot: { defaultProps: { yOffset: DIALOG_GAP } },
    Drawer: { styles: DIALOG_TITLE },
    // The first entry gets the focus, and a menu has nothing in it but its entries.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { multiline: true, maw: 320, withArrow: true, openDelay: 150 } },
  },
});

/** White is read on these. Said for each scheme: the library says its own for each, which comes before what is said for both. */
const FILLED = {
  "--mantine-color-red-filled": "#c92a2a",
  "--mantine-color-red-filled-hover": "#b02525",
  "--mantine-color-teal-filled": "#087f5b",
  "--mantine-color-teal-filled-hover": "#066649",
};

/**
 * Where the library's own tones are too pale to read: every pair of text and ground reaches 4.5:1, on the page's grey and
 * on the tints too.
 */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...FILLED,
    "--mantine-color-dimmed": "#5c636a",
    "--mantine-color-placeholder": "#6b737b",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-red-text": "#c92a2a",
    "--mantine-color-red-light-color": "#a61e1e",
    "--mantine-color-orange-light-color": "#9a3b05",
    "--mantine-color-teal-light-color": "#066649",
  },
  dark: {
    ...FILLED,
    "--mantine-color-dimmed": "#a8a8a8",
    "--mantine-color-placeholder": "#969696",
    "--mantine-color-error": "var(--mantine-color-red-4)",
  },
});
