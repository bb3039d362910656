import { ActionIcon, Menu } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { DotsIcon } from "../../components/icons.tsx";
import { useMay } from "../../lib/viewer.ts";

const ForkDialog = lazy(() => import("./fork-dialog.tsx").then(({ ForkDialog: it }) => ({ default: it })));

interface StepMenuProps {
  readonly step: { readonly id: string; readonly position: number };
}

/** What is seldom done with a step. */
export function StepMenu({ step }: StepMenuProps) {
  const [forking, setForking] = useState(false);
  if (!useMay("OPERATE")) return null;
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for step ${step.position}`}>
            <DotsIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setForking(true)}>New run from here…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {forking && (
        <Suspense>
          <ForkDialog stepId={step.id} onClose={() => setForking(false)} />
        </Suspense>
      )}
    </>
  );
}
