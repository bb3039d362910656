import { Alert, Button, Group, List, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { useMutation } from "urql";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";

export const SignOffs_ApprovalFragment = graphql(`
  fragment SignOffs_Approval on Approval {
    id
    requiredSignOffs
    signOffs {
      topK
      at
      comment
      counts
      actor {
        id
        name
      }
    }
  }
`);

const WithdrawSignOffMutation = graphql(`
  mutation WithdrawSignOff($input: WithdrawSignOffInput!) {
    withdrawSignOff(input: $input) {
      __typename
      ... on WithdrawSignOffSuccess {
        step {
          id
          ...StepCard_Step
          ...ApprovalForm_Step
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface SignOffsProps {
  readonly stepId: string;
  readonly approval: FragmentType<typeof SignOffs_ApprovalFragment>;
  readonly viewerId: string | undefined;
  readonly onWithdrawn: () => void;
}

/** Who has approved so far, where it takes several people, and whether that is still about the cut as it is now. */
export function SignOffs({ stepId, approval: ref, viewerId, onWithdrawn }: SignOffsProps) {
  const { signOffs, requiredSignOffs } = readFragment(SignOffs_ApprovalFragment, ref);
  const [{ fetching }, send] = useMutation(WithdrawSignOffMutation);
  const [words, setWords] = useState<string>();
  const panel = useRef<HTMLDivElement>(null);
  const counting = signOffs.filter(({ counts }) => counts).length;

  const withdraw = async () => {
    const answer = await send({ input: { stepId } });
    const outcome = outcomeOf(answer, (data) => data.withdrawSignOff, "WithdrawSignOffSuccess");
    setWords(outcome.ok ? undefined : outcome.words);
    if (!outcome.ok) return;
    // The button that was pressed goes with the sign-off.
    panel.current?.focus({ preventScroll: true });
    onWithdrawn();
  };

  return (
    <Alert
      color="water"
      variant="light"
      p="sm"
      role="status"
      ref={panel}
      tabIndex={-1}
      title={`${counting} of ${requiredSignOffs} people have signed off`}
    >
      {signOffs.length === 0 ? (
        `It takes ${requiredSignOffs} different people who approve the same cut: the same K, and the same candidates.`
      ) : (
        <List listStyleType="none" spacing={6} size="sm" aria-label="Sign-offs">
          {signOffs.map((signOff) => (
            <List.Item key={signOff.actor.id}>
              <Group gap="xs">
                <span>
                  <strong>{signOff.actor.name}</strong>, K={signOff.topK}, <RelativeTime at={signOff.at} />
                  {!signOff.counts && (
                    <Text span size="sm" c="dimmed">
                      {" "}
                      · for another cut, so it does not count
                    </Text>
                  )}
                  {signOff.comment !== null && ` · “${signOff.comment}”`}
                </span>
                {signOff.actor.id === viewerId && (
                  <Button size="compact-xs" variant="default" loading={fetching} onClick={() => void withdraw()}>
                    Withdraw
                  </Button>
                )}
              </Group>
            </List.Item>
          ))}
        </List>
      )}
      {words !== undefined && (
        <Text size="sm" fw={600} role="alert">
          {words}
        </Text>
      )}
    </Alert>
  );
}
