import { Alert, List } from "@mantine/core";
import { WarningIcon } from "../../components/icons.tsx";

interface NoticesProps {
  readonly warnings: readonly string[];
  readonly blockers: readonly string[];
  /** They are only what the policy asks for: a reason takes their place. */
  readonly overridable: boolean;
}

/** Blockers say why the step cannot be approved now; warnings never stop anybody. */
export function Notices({ warnings, blockers, overridable }: NoticesProps) {
  return (
    <>
      {blockers.length > 0 && (
        <Alert
          color={overridable ? "amber" : "red"}
          variant="light"
          title={overridable ? "The policy asks for more" : "Cannot be approved yet"}
          p="sm"
          role="status"
        >
          <Sentences of={blockers} />
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
