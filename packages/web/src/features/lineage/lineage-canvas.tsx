import "@xyflow/react/dist/base.css";
import { useComputedColorScheme } from "@mantine/core";
import { MiniMap, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { type KeyboardEvent, useEffect, useEffectEvent, useMemo, useRef } from "react";
import { layoutForest } from "./layout.ts";
import classes from "./lineage.module.css";
import { LineageColumns } from "./lineage-columns.tsx";
import { linesOfTree, nodesOfTree } from "./lineage-graph.ts";
import { cardId, LineageNode, type LineageNodeType } from "./lineage-node.tsx";
import type { LineageRun } from "./lineage-query.ts";
import type { TreeCandidate } from "./tree.ts";
import { FARTHEST, NEAREST, useCamera } from "./use-camera.ts";
import { KEYS, walk } from "./walk.ts";
import { ZoomButtons } from "./zoom-buttons.tsx";

const NODE_TYPES = { candidate: LineageNode };

/** With so many candidates in a step the tree is a strip, and so is its overview. */
const TALL = 60;
const TALL_MAP = { width: 64, height: 420 };
const WIDE_MAP = { width: 180, height: 130 };

interface LineageCanvasProps {
  readonly run: LineageRun;
  readonly tree: readonly TreeCandidate[];
  readonly activeId: string | undefined;
  /** What is described to those who cannot see the tree. */
  readonly label: string;
  readonly onActive: (id: string) => void;
  readonly onOpen: (id: string) => void;
}

/** The tree, to be moved and zoomed like a map. It is one stop for the keyboard, in which the arrow keys move. */
export function LineageCanvas(props: LineageCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ run, tree, activeId, label, onActive, onOpen }: LineageCanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const colorScheme = useComputedColorScheme();
  const { places, columns } = useMemo(() => layoutForest(tree, run.steps.length), [tree, run.steps.length]);
  const nodes = useMemo(() => nodesOfTree(tree, places, activeId), [tree, places, activeId]);
  const lines = useMemo(() => linesOfTree(tree, activeId), [tree, activeId]);
  const camera = useCamera(frame, places);
  const tall = Math.max(...columns.map((ids) => ids.length)) > TALL;

  const follow = useEffectEvent(() => activeId !== undefined && camera.reveal(activeId));
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is chosen, here or by the address.
  useEffect(() => void follow(), [activeId]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== frame.current) return;
    const direction = KEYS.get(event.key);
    if (direction !== undefined) {
      const next = walk(activeId, direction, { candidates: tree, columns });
      if (next !== undefined) onActive(next);
    } else if (event.key === "Enter" || event.key === " ") {
      if (activeId !== undefined) onOpen(activeId);
    } else if (event.key === "+" || event.key === "=") camera.zoomBy(1.3);
    else if (event.key === "-") camera.zoomBy(1 / 1.3);
    else if (event.key === "0") camera.fit();
    else return;
    event.preventDefault();
  };

  return (
    <div className={classes.canvas}>
      <ReactFlow<LineageNodeType>
        ref={frame}
        nodes={nodes}
        edges={lines}
        nodeTypes={NODE_TYPES}
        colorMode={colorScheme}
        minZoom={FARTHEST}
        maxZoom={NEAREST}
        onInit={() => camera.start(activeId ?? columns.find((ids) => ids.length > 0)?.[0])}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomOnDoubleClick={false}
        onNodeClick={(_event, { id }) => {
          frame.current?.focus({ preventScroll: true });
          onActive(id);
          onOpen(id);
        }}
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={activeId !== undefined && places.has(activeId) ? cardId(activeId) : undefined}
        onKeyDown={onKeyDown}
      >
        <LineageColumns run={run} counts={columns.map((ids) => ids.length)} />
        <ZoomButtons camera={camera} />
        <MiniMap<LineageNodeType>
          className={classes.miniMap ?? ""}
          style={tall ? TALL_MAP : WIDE_MAP}
          pannable
          zoomable
          ariaLabel="Overview of the tree"
          nodeClassName={({ data }) => `mini-${data.candidate.standing}`}
          nodeStrokeWidth={0}
        />
      </ReactFlow>
    </div>
  );
}
