import { List, Stack, Text } from "@mantine/core";
import { useQuery } from "urql";
import type { CandidateDetailsQuery as CandidateDetailsResult } from "../gql/generated/graphql.ts";
import { graphql } from "../gql/generated/index.ts";
import { dollars } from "../lib/dollars.ts";
import { durationWords } from "../lib/duration.ts";
import { fullTime } from "../lib/time.ts";
import { CopyMenu } from "./copy-menu.tsx";
import { Facts } from "./facts.tsx";
import { FileChanges } from "./file-changes.tsx";
import { fileChangesOf } from "./file-changes-of.ts";

const CandidateDetailsQuery = graphql(`
  query CandidateDetails($candidateId: ID!) {
    node(id: $candidateId) {
      __typename
      ... on Candidate {
        id
        createdAt
        text
        seed
        meta
        step {
          id
          run {
            id
            prompt
          }
        }
        generator
        model
        costUsd
        inputTokens
        outputTokens
        durationMs
        warnings
        source
        importedBy {
          id
          name
        }
      }
    }
  }
`);

/** Where a candidate comes from and what it took: read when somebody looks at it large. */
export function CandidateDetails({ candidateId }: { readonly candidateId: string }) {
  const [{ data }] = useQuery({ query: CandidateDetailsQuery, variables: { candidateId } });
  const candidate = data?.node?.__typename === "Candidate" ? data.node : undefined;
  if (!candidate) return null;
  const { generator, model, seed, costUsd, durationMs, warnings } = candidate;
  const changes = fileChangesOf(candidate.meta);
  return (
    <Stack gap="sm" component="section" aria-label="Details" mt="sm">
      <Facts
        inline
        facts={[
          ["Imported", importedWords(candidate)],
          ["Generator", candidate.importedBy === null ? generator : null],
          ["Model", model],
          ["Seed", seed],
          ["Took", durationMs === null ? null : durationWords(durationMs / 1000)],
          ["Tokens", tokenWords(candidate)],
          ["Cost", costUsd === null ? null : dollars(costUsd)],
          ["Made", fullTime(Date.parse(candidate.createdAt))],
        ]}
      />
      {warnings.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            What it could not do as asked
          </Text>
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </div>
      )}
      {changes.length > 0 && <FileChanges changes={changes} />}
      <div>
        <CopyMenu
          values={[
            ["text", candidate.text],
            ["seed", seed === null ? null : String(seed)],
            ["prompt", candidate.step.run.prompt],
            ["id", candidateId],
          ]}
        />
      </div>
    </Stack>
  );
}

type Details = Extract<CandidateDetailsResult["node"], { __typename: "Candidate" }>;

function importedWords({ importedBy, source }: Details): string | null {
  if (importedBy === null) return source;
  return `by ${importedBy.name}${source === null ? "" : ` from ${source}`}`;
}

function tokenWords({ inputTokens, outputTokens }: Details): string | null {
  const parts = [
    inputTokens === null ? undefined : `${inputTokens.toLocaleString("en-US")} read`,
    outputTokens === null ? undefined : `${outputTokens.toLocaleString("en-US")} written`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? null : parts.join(", ");
}
