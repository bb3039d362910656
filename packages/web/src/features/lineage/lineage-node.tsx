import { Handle, type Node, type NodeProps, Position, useStore } from "@xyflow/react";
import { TrophyIcon } from "../../components/icons.tsx";
import { StateIcon, type StateIconKind } from "../../components/state-icon.tsx";
import classes from "./card.module.css";
import { STANDING_WORDS, type Standing } from "./standing.ts";
import { useSnippet } from "./text-snippets.ts";
import type { TreeCandidate } from "./tree.ts";

export interface LineageNodeData extends Record<string, unknown> {
  readonly candidate: TreeCandidate;
  /** The one that the arrow keys go on from. */
  readonly active: boolean;
}

export type LineageNodeType = Node<LineageNodeData, "candidate">;

/** From here on pictures and words can be made out; farther away a card is a coloured spot. */
const NEAR_ZOOM = 0.4;

const ICONS = {
  advancing: "done",
  behind: "paused",
  rejected: "stopped",
} as const satisfies Partial<Record<Standing, StateIconKind>>;

/** The id of a candidate's card in the document. */
export function cardId(candidateId: string): string {
  return `lineage-${candidateId}`;
}

/** A candidate in the tree. Not focusable by itself: the tree is one stop, in which the arrow keys move. */
export function LineageNode({ data: { candidate, active } }: NodeProps<LineageNodeType>) {
  const near = useStore(({ transform }) => transform[2] >= NEAR_ZOOM);
  const { id, label, standing, elo, round, thumbUrl } = candidate;
  return (
    <div
      id={cardId(id)}
      className={classes.card}
      data-standing={standing}
      data-active={active || undefined}
      data-near={near || undefined}
      data-testid="lineage-card"
    >
      <Handle type="target" position={Position.Left} className={classes.handle ?? ""} isConnectable={false} />
      {near && thumbUrl !== undefined && (
        <span className={`mat ${classes.thumb}`}>
          <img src={thumbUrl} alt="" loading="lazy" decoding="async" draggable={false} />
        </span>
      )}
      {near && (
        <span className={classes.words}>
          <span className={classes.line}>
            {standing === "winner" && <TrophyIcon size={14} />}
            {standing in ICONS && <StateIcon kind={ICONS[standing as keyof typeof ICONS]} size={13} />}
            <strong>{label}</strong>
            {round > 1 && <span className={classes.round}>round {round}</span>}
          </span>
          <span className={classes.elo}>
            {Math.round(elo)} Elo
            {standing === "winner" && ` · ${STANDING_WORDS.winner}`}
          </span>
          {thumbUrl === undefined && <Snippet id={id} />}
        </span>
      )}
      <Handle type="source" position={Position.Right} className={classes.handle ?? ""} isConnectable={false} />
    </div>
  );
}

function Snippet({ id }: { readonly id: string }) {
  return <span className={classes.snippet}>{useSnippet(id)}</span>;
}
