import { Button, Menu } from "@mantine/core";
import { counted } from "../../lib/words.ts";
import { filesLink, MOST_NAMED, preferencesLink } from "./download-links.ts";
import { filtersSet, type GallerySearch } from "./gallery-search.ts";

interface DownloadMenuProps {
  readonly runNumber: number;
  readonly search: GallerySearch;
  readonly selected: readonly string[];
  readonly matching: number | undefined;
  readonly all: number | undefined;
  /** Reads the ids of all that match, and starts their download. */
  readonly onMatching: () => void;
}

/** Files of candidates with a manifest, and the votes as pairs. */
export function DownloadMenu({ runNumber, search, selected, matching, all, onMatching }: DownloadMenuProps) {
  const filtered = filtersSet(search) > 0;
  const step = search.step === undefined ? {} : { step: search.step };
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Button variant="default" size="xs">
          Download…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Files and a manifest, as ZIP</Menu.Label>
        {selected.length > 0 && selected.length <= MOST_NAMED && (
          <Menu.Item component="a" href={filesLink({ runNumber, ids: selected })} download>
            The selected ({selected.length})
          </Menu.Item>
        )}
        {filtered && matching !== undefined && matching > 0 && (
          <Menu.Item onClick={onMatching}>Those that match the filters ({matching})</Menu.Item>
        )}
        <Menu.Item component="a" href={filesLink({ runNumber })} download disabled={all === 0}>
          {all === undefined ? "All of the run" : `All of the run (${counted(all, "candidate")})`}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Votes as preference pairs, as JSONL</Menu.Label>
        {search.step !== undefined && (
          <Menu.Item component="a" href={preferencesLink({ runNumber, ...step })} download>
            Of step {search.step}
          </Menu.Item>
        )}
        <Menu.Item component="a" href={preferencesLink({ runNumber })} download>
          Of the run
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
