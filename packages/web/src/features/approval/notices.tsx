import { Alert, List } from "@mantine/core";
import type { ReactNode } from "react";
import { WarningIcon } from "../../components/icons.tsx";

interface NoticesProps {
  readonly warnings: readonly string[];
  readonly blockers: readonly string[];
  /** Where they are only what the policy asks for: the field for a reason, which takes their place. */
  readonly override?: ReactNode;
}

/** Blockers say why the step cannot be approved now; warnings never stop anybody. */
export function Notices({ warnings, blockers, override }: NoticesProps) {
  return (
    <>
      {blockers.length > 0 && (
        <Alert
          color={override ? "amber" : "red"}
          variant="light"
          title={override ? "The policy asks for more" : "Cannot be approved yet"}
          p="sm"
          role="status"
        >
          <Sentences of={blockers} />
          {override}
        </Alert>
      )}
      {warnings.length > 0 && (
        <Alert color="amber" variant="light" icon={<WarningIcon />} p="sm" role="status">
          <Sentences of={warnings} />
        </Alert>
      )}
    </>
  );
}

function Sentences({ of }: { readonly of: readonly string[] }) {
  if (of.length === 1) return of[0];
  return (
    <List size="sm">
      {of.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}
