import { useHotkeys } from "@mantine/hooks";

/** Keys of a page. They mean nothing while a dialog lies over it: what is pressed then is meant for that. */
export function usePageKeys(keys: readonly (readonly [key: string, onPress: () => void])[]): void {
  useHotkeys(keys.map(([key, onPress]) => [key, () => document.querySelector('[role="dialog"]') ?? onPress()]));
}
