import { Popover, Text, UnstyledButton } from "@mantine/core";
import { pictureOf, type readVoteCandidate } from "./vote-candidate.ts";
import classes from "./voting.module.css";

type Parent = NonNullable<ReturnType<typeof readVoteCandidate>["parent"]>;

/** What one of the two was made from, over a corner of it. */
export function MadeFrom({ parent, whose }: { readonly parent: Parent; readonly whose: string }) {
  return (
    <div className={classes.from}>
      <ParentPopover parent={parent} label={`What the ${whose} one was made from`}>
        made from
      </ParentPopover>
    </div>
  );
}

/** Where both have the same parent it is shown once, above them. */
export function BothMadeFrom({ parent }: { readonly parent: Parent }) {
  return (
    <div className={classes.bothFrom}>
      <ParentPopover parent={parent} label="What both were made from">
        Both made from
      </ParentPopover>
    </div>
  );
}

interface ParentPopoverProps {
  readonly parent: Parent;
  readonly label: string;
  readonly children: string;
}

/** Small, and large when pressed. */
function ParentPopover({ parent, label, children }: ParentPopoverProps) {
  const picture = pictureOf(parent);
  return (
    <Popover width="min(560px, 92vw)" withArrow shadow="md" position="bottom">
      <Popover.Target>
        <UnstyledButton className={classes.parent} aria-label={label}>
          <span>{children}</span>
          {picture ? (
            <img className={classes.parentThumb} src={picture.thumbUrl} alt="" draggable={false} />
          ) : (
            <span className={classes.parentWords}>{parent.text}</span>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        {picture ? (
          <img className={classes.parentLarge} src={picture.largeUrl} alt={label} />
        ) : (
          <Text className={classes.parentText} size="sm">
            {parent.text}
          </Text>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
