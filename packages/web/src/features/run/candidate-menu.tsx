import { ActionIcon, Menu } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMutation } from "urql";
import { candidateLabel } from "../../components/candidate-label.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DotsIcon } from "../../components/icons.tsx";
import { toastDone } from "../../components/toast.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { canReject, REJECTED_PARENT } from "../../lib/may-reject.ts";
import { useMay } from "../../lib/viewer.ts";

export const CandidateMenu_CandidateFragment = graphql(`
  fragment CandidateMenu_Candidate on Candidate {
    id
    status
    advancement
    ...CandidateLabel_Candidate
  }
`);

const RejectCandidateMutation = graphql(`
  mutation RejectCandidate($input: RejectCandidateInput!) {
    rejectCandidate(input: $input) {
      __typename
      ... on RejectCandidateSuccess {
        candidate {
          id
          ...CandidateTile_Candidate
        }
        step {
          id
          ...StepCard_Step
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

const route = getRouteApi("/runs/$runId");

interface CandidateMenuProps {
  readonly candidate: FragmentType<typeof CandidateMenu_CandidateFragment>;
  readonly onOpen: () => void;
}

/** What may be done with one candidate. */
export function CandidateMenu({ candidate: ref, onOpen }: CandidateMenuProps) {
  const { runId } = route.useParams();
  const candidate = readFragment(CandidateMenu_CandidateFragment, ref);
  const [asked, setAsked] = useState<{ readonly replace: boolean; readonly open: boolean }>();
  const [opened, setOpened] = useState(false);
  const [, rejectCandidate] = useMutation(RejectCandidateMutation);
  const label = candidateLabel(candidate);
  const undecided = candidate.advancement === "UNDECIDED";
  const mayDecide = useMay("DECIDE");
  const rejectable = mayDecide && canReject(candidate);

  const reject = async () => {
    const input = { candidateId: candidate.id, replace: asked?.replace ?? false };
    const outcome = outcomeOf(
      await rejectCandidate({ input }),
      (data) => data.rejectCandidate,
      "RejectCandidateSuccess",
    );
    if (!outcome.ok) return outcome.words;
    toastDone(`Candidate ${label} was rejected.`);
    return undefined;
  };

  return (
    <>
      <Menu position="bottom-end" withArrow opened={opened} onChange={setOpened}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for candidate ${label}`}>
            <DotsIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onOpen}>View large</Menu.Item>
          <Menu.Item
            renderRoot={(rootProps) => (
              <Link to="/runs/$runId/lineage" params={{ runId }} search={{ candidate: candidate.id }} {...rootProps} />
            )}
          >
            Show in the lineage
          </Menu.Item>
          {rejectable && undecided && (
            <Menu.Item color="red" onClick={() => setAsked({ replace: true, open: true })}>
              Reject and replace…
            </Menu.Item>
          )}
          {rejectable && (
            <Menu.Item color="red" onClick={() => setAsked({ replace: false, open: true })}>
              {undecided ? "Reject without replacement…" : "Reject…"}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {/* A page has many candidates, and few of them are rejected: their dialogs come when they are asked for. */}
      {asked && (
        <ConfirmDialog
          opened={asked.open}
          title={`Reject candidate ${label}?`}
          confirmLabel={asked.replace ? "Reject and replace" : "Reject"}
          danger
          onClose={() => setAsked({ ...asked, open: false })}
          onConfirm={reject}
        >
          {explain(undecided, asked.replace)}
        </ConfirmDialog>
      )}
    </>
  );
}

function explain(undecided: boolean, replace: boolean): string {
  if (!undecided) return REJECTED_PARENT;
  if (replace) return "It takes no further part, and a replacement is made in its place.";
  return "It takes no further part, and its place stays empty: the step has one candidate less.";
}
