import { Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { type CSSProperties, useRef } from "react";
import { useQuery } from "urql";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia_CandidateFragment } from "../../components/candidate-media.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { useZoom } from "../../components/use-zoom.ts";
import zoomClasses from "../../components/zoom.module.css";
import type { CompareDialogQuery as CompareDialogResult } from "../../gql/generated/graphql.ts";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { CompareColumn } from "./compare-column.tsx";
import { type Compared, CompareFacts } from "./compare-facts.tsx";
import classes from "./dialogs.module.css";
import { type CompareView, MOST_COMPARED } from "./gallery-search.ts";
import { GalleryTile_CandidateFragment } from "./gallery-tile.tsx";
import { PictureSlider } from "./picture-slider.tsx";
import { ZoomBar } from "./zoom-bar.tsx";

const CompareDialogQuery = graphql(`
  query CompareDialog($runId: ID!, $ids: [ID!]!, $first: Int!) {
    run(id: $runId) {
      id
      candidates(filter: { ids: $ids }, first: $first) {
        edges {
          cursor
          node {
            id
            seed
            generator
            model
            costUsd
            durationMs
            createdAt
            step {
              id
              name
            }
            ...GalleryTile_Candidate
          }
        }
      }
    }
  }
`);

/** Of one column; narrower ones are scrolled to. Two pictures fit on a phone. */
const LEAST_WIDTH = { picture: "168px", text: "220px" };

interface CompareDialogProps {
  readonly run: { readonly id: string; readonly totalSteps: number };
  /** In the order in which they stand side by side. */
  readonly ids: readonly string[];
  readonly view: CompareView | undefined;
  readonly onView: (view: CompareView | undefined) => void;
  /** Takes one out. */
  readonly onIds: (ids: readonly string[]) => void;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** Two to six candidates side by side, with what is known of each in rows that can be read across. */
export function CompareDialog({ run, ids, view, onView, onIds, onOpen, onClose }: CompareDialogProps) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: CompareDialogQuery,
    variables: { runId: run.id, ids: [...ids], first: MOST_COMPARED },
  });
  const byId = new Map(data?.run ? nodesOf(data.run.candidates).map((node) => [node.id, comparedOf(node)]) : []);
  const compared = ids.flatMap((id) => byId.get(id) ?? []);
  const family = related(compared);
  return (
    <Modal
      opened
      fullScreen
      onClose={onClose}
      returnFocus={false}
      title={family ? "A parent and its child" : `Compare ${compared.length} candidates`}
    >
      {compared.length === 0 && (error || fetching) && (
        <LoadState
          what="candidates"
          height="60vh"
          error={error}
          onRetry={() => refetch({ requestPolicy: "network-only" })}
        />
      )}
      {compared.length === 0 && !error && !fetching && (
        <Text>This run has no such candidates. The address may be mistyped.</Text>
      )}
      {compared.length > 0 && (
        <Comparison
          {...{ run, compared, view, onView, onOpen }}
          onTakeOut={(id) => onIds(ids.filter((each) => each !== id))}
        />
      )}
    </Modal>
  );
}

interface ComparisonProps extends Pick<CompareDialogProps, "run" | "view" | "onView" | "onOpen"> {
  readonly compared: readonly Compared[];
  readonly onTakeOut: (id: string) => void;
}

/** All pictures are enlarged and moved together. */
function Comparison({ run, compared, view, onView, onOpen, onTakeOut }: ComparisonProps) {
  const area = useRef<HTMLDivElement>(null);
  const [one, other] = compared;
  const pair = one && other && compared.length === 2 ? { one, other } : undefined;
  const family = related(compared);
  const texts = compared.some(({ tile }) => tile.text !== null);
  const offered = viewOffered(compared);
  const shown = view === offered ? view : undefined;
  const zoomable = shown === undefined && compared.some(({ picture }) => picture);
  const zoom = useZoom(area, zoomable);
  return (
    <Stack gap="md">
      {(offered || zoomable) && (
        <Group>
          {offered && (
            <SegmentedControl
              size="xs"
              aria-label="How they are shown"
              value={shown ?? "side"}
              data={[
                { value: "side", label: texts ? "Plain" : "Side by side" },
                offered === "slider"
                  ? { value: "slider", label: "Slider" }
                  : { value: "differences", label: "Differences" },
              ]}
              onChange={(value) => onView(value === "side" ? undefined : offered)}
            />
          )}
          {zoomable && <ZoomBar zoom={zoom} label="Zoom of all pictures" />}
        </Group>
      )}
      {shown === "slider" && pair && <PictureSlider one={pair.one.tile} other={pair.other.tile} />}
      <div className={`${classes.compareScroll} ${zoomClasses.area}`} ref={area} {...zoom.shown}>
        <div
          className={classes.compare}
          data-texts={texts || undefined}
          style={{ "--columns": compared.length, "--least": LEAST_WIDTH[texts ? "text" : "picture"] } as CSSProperties}
        >
          {compared.map((each, index) => (
            <CompareColumn
              key={each.tile.id}
              each={each}
              name={family ? (index === 0 ? "Parent" : "Child") : undefined}
              lastStep={each.tile.step.position === run.totalSteps}
              shown={shown ?? "side"}
              close={zoom.zoomed}
              differences={
                pair && {
                  before: pair.one.text ?? "",
                  after: pair.other.text ?? "",
                  show: index === 0 ? "before" : "after",
                }
              }
              onOpen={() => onOpen(each.tile.id)}
              onTakeOut={compared.length > 2 ? () => onTakeOut(each.tile.id) : undefined}
            />
          ))}
        </div>
      </div>
      <div className={classes.compareScroll}>
        <CompareFacts compared={compared} />
      </div>
    </Stack>
  );
}

/** The second was made from the first. */
function related([one, other, ...more]: readonly Compared[]): boolean {
  return one !== undefined && other !== undefined && more.length === 0 && other.tile.parent?.id === one.tile.id;
}

type Node = NonNullable<NonNullable<NonNullable<CompareDialogResult["run"]>["candidates"]["edges"][number]>["node"]>;

function comparedOf(node: Node): Compared {
  const tile = readFragment(GalleryTile_CandidateFragment, node);
  const { assets } = readFragment(CandidateMedia_CandidateFragment, tile);
  const { seed, generator, model, costUsd, durationMs, createdAt } = node;
  return {
    tile,
    label: candidateLabel(tile),
    text: assets.length === 0 ? tile.text : null,
    picture: assets.find(({ mediaType }) => mediaType.startsWith("image/")),
    stepName: node.step.name,
    made: { seed, generator, model, costUsd, durationMs, createdAt },
  };
}

/** What two can be shown as besides: pictures one over the other, texts with their differences. */
function viewOffered(compared: readonly Compared[]): CompareView | undefined {
  if (compared.length !== 2) return undefined;
  if (compared.every(({ text }) => text !== null)) return "differences";
  return compared.every(({ text, tile }) => text === null && tile.text === null) ? "slider" : undefined;
}
