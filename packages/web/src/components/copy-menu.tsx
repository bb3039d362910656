import { Button, Menu } from "@mantine/core";
import { toastDone, toastFailed } from "./toast.ts";

interface CopyMenuProps {
  /** Names and values; what is null is not offered. */
  readonly values: readonly (readonly [name: string, value: string | null])[];
}

/** What somebody takes elsewhere, one at a time to the clipboard. */
export function CopyMenu({ values }: CopyMenuProps) {
  const copy = async (name: string, value: string) => {
    try {
      await navigator.clipboard.writeText(value);
      toastDone(`The ${name} is on the clipboard.`);
    } catch {
      // No page may write there without a secure connection, or against the will of the browser's user.
      toastFailed(value, `Copying is blocked here. The ${name}:`);
    }
  };
  return (
    <Menu position="bottom-end" withArrow zIndex={500}>
      <Menu.Target>
        <Button variant="default" size="xs">
          Copy…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {values.map(
          ([name, value]) =>
            value !== null &&
            value !== "" && (
              <Menu.Item key={name} onClick={() => void copy(name, value)}>
                Copy the {name}
              </Menu.Item>
            ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
