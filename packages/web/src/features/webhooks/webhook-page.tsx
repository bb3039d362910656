import { Stack } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { BackLink } from "../../components/back-link.tsx";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { OwnersOnly } from "../../components/owners-only.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { DeliveryLog } from "./delivery-log.tsx";
import { WebhookCard } from "./webhook-card.tsx";

const route = getRouteApi("/settings/webhooks/$webhookId");

const WebhookQuery = graphql(`
  query Webhook($id: ID!) {
    node(id: $id) {
      __typename
      ... on Webhook {
        id
        ...WebhookCard_Webhook
      }
    }
  }
`);

/** One webhook: how it is set, and what became of its messages. */
export function WebhookPage() {
  const { webhookId } = route.useParams();
  return (
    <OwnersOnly>
      <PageTitle>Webhook</PageTitle>
      <Stack gap="lg">
        <BackLink renderRoot={(rootProps) => <Link to="/settings/webhooks" {...rootProps} />}>All webhooks</BackLink>
        <OneWebhook key={webhookId} id={webhookId} />
      </Stack>
    </OwnersOnly>
  );
}

function OneWebhook({ id }: { readonly id: string }) {
  const [{ data, error }, refetch] = useQuery({ query: WebhookQuery, variables: { id } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  if (!data) return <LoadState what="webhook" error={error} onRetry={reload} />;
  if (data.node?.__typename !== "Webhook") {
    return <EmptyPanel title="There is no such webhook">It may have been deleted.</EmptyPanel>;
  }
  return (
    <>
      <WebhookCard webhook={data.node} />
      <DeliveryLog webhookId={id} />
    </>
  );
}
