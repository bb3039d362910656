import { Modal, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useOnReconnect } from "../../lib/connection-state.ts";
import { ApprovalForm } from "./approval-form.tsx";

const ApprovalStepQuery = graphql(`
  query ApprovalStep($stepId: ID!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        position
        name
        ...ApprovalForm_Step
      }
    }
  }
`);

interface ApprovalModalProps {
  readonly runId: string;
  /** The step to decide; undefined closes the modal. */
  readonly stepId: string | undefined;
  readonly onClose: () => void;
}

/** The decision about one step. It has its own address, so it also opens from a link. */
export function ApprovalModal({ stepId, onClose }: ApprovalModalProps) {
  // What is shown while the modal fades out is the step it was open for.
  const [shown, setShown] = useState(stepId);
  if (stepId !== undefined && stepId !== shown) setShown(stepId);
  const [{ data, error }, refetch] = useQuery({
    query: ApprovalStepQuery,
    variables: { stepId: shown ?? "" },
    pause: shown === undefined,
  });
  useOnReconnect(() => shown !== undefined && refetch({ requestPolicy: "network-only" }));
  const [layered, setLayered] = useState(false);
  const narrow = useMediaQuery("(max-width: 480px)", false, { getInitialValueInEffect: false });
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  return (
    <Modal.Root
      opened={stepId !== undefined}
      onClose={onClose}
      size="xl"
      returnFocus
      closeOnEscape={!layered}
      trapFocus={!layered}
      fullScreen={narrow}
    >
      <Modal.Overlay />
      <Modal.Content radius={narrow ? 0 : "lg"}>
        <Modal.Header>
          <Modal.Title>
            <Title order={2} size="h4" component="span">
              {step ? `Approve step ${step.position}: ${step.name}` : "Approve step"}
            </Title>
          </Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>
          {step && <ApprovalForm key={step.id} step={step} onClose={onClose} onLayer={setLayered} />}
          {!step && !error && data && (
            <ErrorPanel
              title="There is no such step"
              words="The link may be mistyped. Close this and choose the step on the page."
            />
          )}
          {!step && (error || !data) && (
            <LoadState
              what="step"
              height={280}
              error={error}
              onRetry={() => refetch({ requestPolicy: "network-only" })}
            />
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
