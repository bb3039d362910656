import { Badge, Button, Group, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { candidateLabel } from "../../components/candidate-label.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import type { JobTile_JobFragment as JobTileJob } from "../../gql/generated/graphql.ts";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { useMay } from "../../lib/viewer.ts";
import { CancelJob } from "./cancel-job.tsx";
import { jobInWords, sharePercent } from "./job-words.ts";
import classes from "./jobs.module.css";

/** What changes while a job is done: its events carry it. */
export const JobNow_JobFragment = graphql(`
  fragment JobNow_Job on Job {
    id
    status
    attempt
    untried
    progress
    progressMessage
    previewUrl
    textSoFar
    error
    leasedTo {
      id
      name
    }
    cancelledBy {
      id
    }
  }
`);

export const JobTile_JobFragment = graphql(`
  fragment JobTile_Job on Job {
    id
    ...JobNow_Job
    ordinal
    generator
    parent {
      id
      ...CandidateLabel_Candidate
    }
  }
`);

interface JobTileProps {
  readonly job: JobTileJob;
  /** How many others were given up for the same reason, and are not shown. */
  readonly same: number;
  readonly onShowLog: () => void;
}

/** One candidate in the making: how far it is, and what can be seen of it; or why it failed. */
export function JobTile({ job: { parent, ordinal, generator, ...ref }, same, onShowLog }: JobTileProps) {
  const job = readFragment(JobNow_JobFragment, ref);
  const label = parent === null ? `${ordinal}` : `${candidateLabel(parent)}.${ordinal}`;
  const failed = job.status === "FAILED" && !job.untried;
  const share = sharePercent(job);
  const cancelled = job.status === "CANCELLED";
  const mayCancel = useMay("OPERATE") && (job.status === "RUNNING" || job.status === "QUEUED");
  const [refusal, setRefusal] = useState<string>();
  const logButton = useRef<HTMLButtonElement>(null);
  const onCancelled = (words: string | undefined) => {
    setRefusal(words);
    // The button goes with what it was for.
    if (words === undefined) logButton.current?.focus();
  };
  const writing = job.status === "RUNNING" && job.textSoFar !== null && job.textSoFar !== "";
  return (
    <article
      className={classes.job}
      aria-label={`Job for candidate ${label}`}
      data-failed={failed || undefined}
      data-writing={writing || undefined}
    >
      {job.status === "RUNNING" && job.previewUrl !== null && (
        <JobPreview src={job.previewUrl} alt={`Candidate ${label} so far`} />
      )}
      <div className={classes.state}>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text size="sm" fw={600} truncate>
            {label}{" "}
            <Text span size="xs" c="dimmed" fw={400}>
              {generator}
            </Text>
          </Text>
          <Group gap={0} wrap="nowrap">
            {mayCancel && <CancelJob jobId={job.id} label={label} onOutcome={onCancelled} />}
            <Button
              ref={logButton}
              variant="subtle"
              color="gray"
              size="compact-xs"
              onClick={onShowLog}
              aria-label={`Show log of job ${label}`}
            >
              Show log
            </Button>
          </Group>
        </Group>
        {job.status === "RUNNING" && job.leasedTo !== null && (
          <Badge size="sm" variant="light" tt="none" mt={4} maw="100%">
            Claimed by {job.leasedTo.name}
          </Badge>
        )}
        {job.status === "RUNNING" && (
          <ProgressBar
            size="sm"
            mt={4}
            animated
            value={share}
            label={`Making of candidate ${label}`}
            words={share === undefined ? "under way" : `${share} %`}
          />
        )}
        <Text size="xs" c={failed ? "var(--sluice-danger)" : "dimmed"} mt={4} style={{ overflowWrap: "anywhere" }}>
          {(job.untried || cancelled) && job.error !== null ? job.error : jobInWords(job)}
        </Text>
        {job.status !== "RUNNING" && !job.untried && !cancelled && job.error !== null && (
          <Text size="xs" mt={4} lineClamp={4} style={{ overflowWrap: "anywhere" }}>
            {job.error}
          </Text>
        )}
        {refusal !== undefined && (
          <Text size="xs" c="var(--sluice-danger)" mt={4} role="alert">
            {refusal}
          </Text>
        )}
        {same > 0 && (
          <Text size="xs" c="dimmed" mt={4}>
            and {same} more the same
          </Text>
        )}
      </div>
      {writing && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and is scrolled by keys as well.
        <section className={classes.writing} aria-label={`Text of candidate ${label} so far`} tabIndex={0}>
          <div>{job.textSoFar}</div>
        </section>
      )}
    </article>
  );
}

/** The server forgets a preview with the end of its job, which may come before the picture was fetched. */
function JobPreview({ src, alt }: { readonly src: string; readonly alt: string }) {
  const [gone, setGone] = useState<string>();
  if (gone === src) return null;
  return <img className={`mat ${classes.preview}`} src={src} alt={alt} onError={() => setGone(src)} />;
}
