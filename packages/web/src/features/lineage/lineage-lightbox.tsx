import { useQuery } from "urql";
import { Lightbox } from "../../components/lightbox.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";

const LineageLineQuery = graphql(`
  query LineageLine($runId: ID!, $ids: [ID!]!) {
    run(id: $runId) {
      id
      candidates(first: 100, filter: { ids: $ids }) {
        edges {
          cursor
          node {
            id
            ...CandidateMedia_Candidate
          }
        }
      }
    }
  }
`);

interface LineageLightboxProps {
  readonly runId: string;
  /** From the first ancestor to the candidate that was opened; empty closes the box. */
  readonly line: readonly string[];
  /** The one of them that is shown. */
  readonly shown: string | undefined;
  readonly onShow: (id: string | undefined) => void;
}

/** A candidate large, and by the arrow keys what it was made from, back to the first. */
export function LineageLightbox({ runId, line, shown, onShow }: LineageLightboxProps) {
  const [{ data }] = useQuery({
    query: LineageLineQuery,
    variables: { runId, ids: [...line] },
    pause: line.length === 0,
  });
  const found = new Map(data?.run ? nodesOf(data.run.candidates).map((node) => [node.id, node]) : []);
  const candidates = line.flatMap((id) => found.get(id) ?? []);
  return <Lightbox candidates={candidates} shown={shown} onShow={onShow} />;
}
