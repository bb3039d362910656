import { Text, UnstyledButton } from "@mantine/core";
import { counted } from "../../lib/words.ts";
import type { LocatedProblem } from "./locate-problem.ts";
import classes from "./pipelines.module.css";
import type { Check } from "./use-check.ts";

interface ProblemListProps {
  readonly check: Check | undefined;
  /** Goes to where it is. */
  readonly onChoose: (problem: LocatedProblem) => void;
}

/** What is wrong with the document, in words, for those who do not see what is underlined; read out as it changes. */
export function ProblemList({ check, onChoose }: ProblemListProps) {
  return (
    <div role="status" aria-label="Check">
      <Words check={check} />
      {check && check.problems.length > 0 && (
        <ul className={classes.problems} aria-label="Problems">
          {check.problems.map((problem) => (
            <li key={`${problem.line} ${problem.path} ${problem.message}`}>
              <UnstyledButton className={classes.problem} onClick={() => onChoose(problem)}>
                <Text size="sm">
                  {problem.line !== null && <b>Line {problem.line}: </b>}
                  {problem.message}
                </Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Words({ check }: { readonly check: Check | undefined }) {
  if (!check) return null;
  if (check.failed !== undefined) {
    return (
      <Text size="sm" c="dimmed">
        It could not be checked. {check.failed}
      </Text>
    );
  }
  if (check.problems.length === 0) {
    return (
      <Text size="sm" c="var(--sluice-good)">
        It can be applied as it is.
      </Text>
    );
  }
  return (
    <Text size="sm" fw={600} c="var(--sluice-danger)">
      {counted(check.problems.length, "problem")}
    </Text>
  );
}
