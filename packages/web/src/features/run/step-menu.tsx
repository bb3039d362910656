import { ActionIcon, Menu } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { DotsIcon } from "../../components/icons.tsx";
import { useMay } from "../../lib/viewer.ts";

const ForkDialog = lazy(() => import("./fork-dialog.tsx").then(({ ForkDialog: it }) => ({ default: it })));

const ImportDialog = lazy(() =>
  import("../import/import-dialog.tsx").then(({ ImportDialog: it }) => ({ default: it })),
);

interface StepMenuProps {
  readonly step: { readonly id: string; readonly position: number };
  /** The step has made what it makes: another run can begin here. */
  readonly mayFork: boolean;
  /** It is not decided yet, and compares what it has. */
  readonly mayImport: boolean;
}

/** What is seldom done with a step. */
export function StepMenu({ step, mayFork, mayImport }: StepMenuProps) {
  const [open, setOpen] = useState<"fork" | "import">();
  const mayOperate = useMay("OPERATE");
  const close = () => setOpen(undefined);
  // The dialog stays where the step is decided meanwhile: it then says so, and what was typed is not lost.
  if (!mayOperate || (!mayFork && !mayImport && open === undefined)) return null;
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for step ${step.position}`}>
            <DotsIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayFork && <Menu.Item onClick={() => setOpen("fork")}>New run from here…</Menu.Item>}
          {mayImport && <Menu.Item onClick={() => setOpen("import")}>Import candidates…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {open === "fork" && <ForkDialog stepId={step.id} onClose={close} />}
        {open === "import" && <ImportDialog stepId={step.id} onClose={close} />}
      </Suspense>
    </>
  );
}
