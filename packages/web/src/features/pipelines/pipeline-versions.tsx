import { Text, Title } from "@mantine/core";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row, Rows } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { counted } from "../../lib/words.ts";

export const PipelineVersions_PipelineFragment = graphql(`
  fragment PipelineVersions_Pipeline on Pipeline {
    id
    version
    versions {
      id
      version
      createdAt
      steps {
        id
        name
      }
    }
  }
`);

interface PipelineVersionsProps {
  readonly pipeline: FragmentType<typeof PipelineVersions_PipelineFragment>;
}

/** What it was before; nothing while it never changed. */
export function PipelineVersions({ pipeline: ref }: PipelineVersionsProps) {
  const { versions, version: newest } = readFragment(PipelineVersions_PipelineFragment, ref);
  if (versions.length < 2) return null;
  return (
    <section aria-label="Versions">
      <Title order={2} size="h5" mb="xs">
        Versions
      </Title>
      <Rows label="Versions, the newest first">
        {versions.map(({ id, version, createdAt, steps }) => (
          <Row key={id}>
            <Text size="sm">
              <b>Version {version}</b>
              {version === newest && ", which new runs have"} · applied <RelativeTime at={createdAt} /> ·{" "}
              {counted(steps.length, "step")}
            </Text>
            <Text size="sm" c="dimmed">
              {steps.map((step) => step.name).join(" → ")}
            </Text>
          </Row>
        ))}
      </Rows>
    </section>
  );
}
