import { CloseButton, Text } from "@mantine/core";
import classes from "./import.module.css";

interface FileRowsProps {
  readonly files: readonly File[];
  /** Why a file was not taken, in a sentence. */
  readonly problems: ReadonlyMap<File, string> | undefined;
  readonly onRemove: (file: File) => void;
}

/** The pictures that are to be imported. */
export function FileRows({ files, problems, onRemove }: FileRowsProps) {
  return (
    <ul className={classes.files} aria-label="Pictures to import">
      {files.map((file, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be there twice.
        <li key={index} className={classes.file}>
          <div style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" truncate>
              {file.name}{" "}
              <Text span size="xs" c="dimmed">
                {sizeInWords(file.size)}
              </Text>
            </Text>
            {problems?.has(file) && (
              <Text size="sm" c="var(--sluice-danger)" role="alert">
                {problems.get(file)}
              </Text>
            )}
          </div>
          <CloseButton aria-label={`Take out ${file.name}`} onClick={() => onRemove(file)} />
        </li>
      ))}
    </ul>
  );
}

function sizeInWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
