import { Button, NativeSelect, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import classes from "./filters.module.css";
import {
  type Choice,
  filtersSet,
  type GallerySearch,
  type GallerySize,
  type GallerySort,
  type GalleryState,
} from "./gallery-search.ts";

const TYPING_MS = 250;

const STATE_WORDS: Record<GalleryState, string> = {
  advancing: "Advancing",
  "not-advancing": "Not advancing (below top-K)",
  undecided: "Not decided yet",
  active: "Not rejected",
  rejected: "Rejected",
};

const SORT_WORDS: Record<GallerySort, string> = {
  oldest: "Oldest first",
  newest: "Newest first",
  best: "Best rated first",
  least: "Least rated first",
  "most-votes": "Most votes first",
  "fewest-votes": "Fewest votes first",
};

interface GalleryFiltersProps {
  readonly search: GallerySearch;
  readonly steps: readonly { readonly position: number; readonly name: string; readonly round: number }[];
  readonly generators: readonly string[];
  readonly models: readonly string[];
  readonly onChoose: (change: Choice) => void;
  readonly onClear: () => void;
}

/** What is shown, in which order, and how large. */
export function GalleryFilters({ search, steps, generators, models, onChoose, onClear }: GalleryFiltersProps) {
  const [unfolded, setUnfolded] = useState(false);
  const count = filtersSet(search);
  const rounds = steps.find(({ position }) => position === search.step)?.round ?? 1;
  return (
    <search aria-label="Filters" className={classes.bar} data-unfolded={unfolded || undefined}>
      <div className={classes.first}>
        <SearchField value={search.q} onChoose={onChoose} />
        <NativeSelect
          size="sm"
          aria-label="Order"
          value={search.sort ?? "oldest"}
          data={options(SORT_WORDS)}
          onChange={({ currentTarget: { value } }) =>
            onChoose({ sort: value === "oldest" ? undefined : (value as GallerySort) })
          }
        />
        <SegmentedControl
          size="sm"
          aria-label="Size of the tiles"
          value={search.size ?? "m"}
          data={[
            { value: "s", label: "S" },
            { value: "m", label: "M" },
            { value: "l", label: "L" },
          ]}
          onChange={(value) => onChoose({ size: value === "m" ? undefined : (value as GallerySize) })}
        />
        <Button
          className={classes.fold}
          variant="default"
          size="sm"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          {count === 0 ? "Filters" : `Filters (${count})`}
        </Button>
      </div>
      <div className={classes.more}>
        <NativeSelect
          size="sm"
          aria-label="Step"
          value={search.step ?? ""}
          data={[
            { value: "", label: "All steps" },
            ...steps.map(({ position, name }) => ({ value: String(position), label: `Step ${position}: ${name}` })),
          ]}
          onChange={({ currentTarget: { value } }) => onChoose({ step: value === "" ? undefined : Number(value) })}
        />
        {(rounds > 1 || search.round !== undefined) && (
          <NativeSelect
            size="sm"
            aria-label="Round"
            value={search.round ?? ""}
            data={[
              { value: "", label: "All rounds" },
              ...Array.from({ length: Math.max(rounds, search.round ?? 1) }, (_, before) => ({
                value: String(before + 1),
                label: `Round ${before + 1}`,
              })),
            ]}
            onChange={({ currentTarget: { value } }) => onChoose({ round: value === "" ? undefined : Number(value) })}
          />
        )}
        <NativeSelect
          size="sm"
          aria-label="State"
          value={search.state ?? ""}
          data={[{ value: "", label: "Any state" }, ...options(STATE_WORDS)]}
          onChange={({ currentTarget: { value } }) =>
            onChoose({ state: value === "" ? undefined : (value as GalleryState) })
          }
        />
        <OneOf
          name="Generator"
          any="Any generator"
          values={generators}
          value={search.generator}
          onChange={(generator) => onChoose({ generator })}
        />
        <OneOf
          name="Model"
          any="Any model"
          values={models}
          value={search.model}
          onChange={(model) => onChoose({ model })}
        />
        <NativeSelect
          size="sm"
          aria-label="Origin"
          value={search.origin ?? ""}
          data={[
            { value: "", label: "Made anywhere" },
            { value: "made", label: "Made here" },
            { value: "imported", label: "Imported" },
          ]}
          onChange={({ currentTarget: { value } }) =>
            onChoose({ origin: value === "" ? undefined : (value as "made" | "imported") })
          }
        />
        <Switch
          label="Advancing only"
          checked={search.state === "advancing"}
          onChange={({ currentTarget: { checked } }) => onChoose({ state: checked ? "advancing" : undefined })}
        />
        {count > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={onClear}>
            Clear filters
          </Button>
        )}
      </div>
    </search>
  );
}

interface OneOfProps {
  readonly name: string;
  readonly any: string;
  readonly values: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A choice only where there is one: of a single generator or model nothing has to be chosen. */
function OneOf({ name, any, values, value, onChange }: OneOfProps) {
  // What the address names can be taken away, even where nothing was made with it.
  const all = value === undefined || values.includes(value) ? values : [...values, value];
  if (value === undefined && all.length < 2) return null;
  return (
    <NativeSelect
      size="sm"
      aria-label={name}
      value={value ?? ""}
      data={[{ value: "", label: any }, ...all]}
      onChange={({ currentTarget }) => onChange(currentTarget.value === "" ? undefined : currentTarget.value)}
    />
  );
}

interface SearchFieldProps {
  readonly value: string | undefined;
  readonly onChoose: (change: Choice) => void;
}

/** Typed into freely; the address follows once the typing rests. */
function SearchField({ value, onChoose }: SearchFieldProps) {
  const [typed, setTyped] = useState(value ?? "");
  // What was last put into the address from here: anything else there comes from elsewhere, such as the way back.
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setTyped(value ?? "");
  }
  const choose = useDebouncedCallback((words: string) => {
    const q = words.trim() === "" ? undefined : words.trim();
    setTold(q);
    onChoose({ q });
  }, TYPING_MS);
  return (
    <TextInput
      className={classes.search}
      size="sm"
      type="search"
      aria-label="Search"
      placeholder="Text, label, seed, source or model"
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        choose(currentTarget.value);
      }}
    />
  );
}

function options<Value extends string>(words: Record<Value, string>): { value: string; label: string }[] {
  return Object.entries<string>(words).map(([value, label]) => ({ value, label }));
}
