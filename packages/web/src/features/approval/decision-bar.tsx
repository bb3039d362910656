import { Button, Kbd } from "@mantine/core";
import { useFocusAtFirst } from "../../lib/use-focus-at-first.ts";
import { counted } from "../../lib/words.ts";
import classes from "./approval.module.css";
import { type ApproveInput, approveWords } from "./approve-words.ts";

export type DecisionMode = "approve" | "reject" | "send-back";

interface DecisionBarProps {
  readonly decided: boolean;
  readonly mayDecide: boolean;
  /** The gate is asked about now; before that there is nothing to send back. */
  readonly waiting: boolean;
  readonly label: ApproveInput;
  /** Jobs that approving starts; undefined while that is not known. */
  readonly jobs: number | undefined;
  /** In the last step: how many candidates win; undefined elsewhere and where there is only one. */
  readonly winners: number | undefined;
  /** Something beside the right to decide keeps the gate from being approved now. */
  readonly disabled: boolean;
  readonly working: boolean;
  /** What somebody has just come back from: its button gets the focus again. */
  readonly cameFrom: DecisionMode | undefined;
  readonly onMode: (mode: DecisionMode) => void;
  readonly onApprove: () => void;
  readonly onClose: () => void;
}

/** The three decisions about a gate, and the way out. */
export function DecisionBar(props: DecisionBarProps) {
  const { decided, mayDecide, waiting, label, jobs, winners, disabled, working, cameFrom, onMode, onApprove, onClose } =
    props;
  const back = useFocusAtFirst<HTMLButtonElement>();
  return (
    <div className={classes.choices}>
      {!decided && (
        <div className={classes.others}>
          <Button
            ref={cameFrom === "reject" ? back : null}
            variant="subtle"
            color="red"
            {...(mayDecide ? { c: "var(--sluice-danger)" } : {})}
            px="xs"
            disabled={!mayDecide}
            onClick={() => onMode("reject")}
          >
            Reject step…
          </Button>
          {waiting && (
            <Button
              ref={cameFrom === "send-back" ? back : null}
              variant="subtle"
              px="xs"
              disabled={!mayDecide}
              onClick={() => onMode("send-back")}
            >
              Send back…
            </Button>
          )}
        </div>
      )}
      <span className={classes.jobs}>
        {!decided && jobs !== undefined && jobs > 0 && `Starts ${counted(jobs, "job")}`}
        {!decided && winners !== undefined && `Ends the run with ${counted(winners, "winner")}`}
      </span>
      <Button variant="default" className={classes.cancel} onClick={onClose}>
        {decided ? "Close" : "Cancel"}
      </Button>
      <Button
        className={classes.approve}
        disabled={decided || !mayDecide || disabled}
        loading={working}
        onClick={onApprove}
        rightSection={
          decided ? null : (
            <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
              ↵
            </Kbd>
          )
        }
      >
        {approveWords(label)}
      </Button>
    </div>
  );
}
