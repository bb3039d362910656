import { Button, Checkbox, Group, Modal, Radio, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { SecretOnce } from "../../components/secret-once.tsx";
import type { Right } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorAt, errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { RIGHT_WORDS } from "../../lib/roles.ts";
import { useViewer } from "../../lib/viewer.ts";

const CreateApiKeyMutation = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeySuccess {
        secret
        apiKey {
          id
          name
        }
      }
      ... on InvalidInputError {
        field
      }
      ... on Error {
        message
      }
    }
  }
`);

const NEVER = "never";
const EXPIRIES = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: NEVER, label: "Never" },
];

/** Makes a key and shows its secret, once. */
export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<{ readonly secret: string; readonly name: string }>();
  // A click beside it must not throw away what cannot be shown again.
  return (
    <Modal
      opened
      onClose={onClose}
      title={made ? `The key "${made.name}"` : "New API key"}
      centered
      closeOnClickOutside={!made}
      closeOnEscape={!made}
    >
      {made ? (
        <SecretOnce label="Secret" value={made.secret} onDone={onClose}>
          A program sends it as <code>Authorization: Bearer …</code>. Whoever has it may do what the key may.
        </SecretOnce>
      ) : (
        <CreateKeyForm onClose={onClose} onMade={setMade} />
      )}
    </Modal>
  );
}

interface CreateKeyFormProps {
  readonly onClose: () => void;
  readonly onMade: (made: { readonly secret: string; readonly name: string }) => void;
}

function CreateKeyForm({ onClose, onMade }: CreateKeyFormProps) {
  const [{ fetching }, create] = useMutation(CreateApiKeyMutation);
  const rights = useViewer()?.rights ?? [];
  const [name, setName] = useState("");
  const [narrow, setNarrow] = useState(true);
  const [scopes, setScopes] = useState<Right[]>(["VIEW"]);
  const [expiry, setExpiry] = useState("90");
  const [problem, setProblem] = useState<Problem>();

  const submit = async () => {
    const input = {
      name,
      ...(narrow ? { scopes } : {}),
      ...(expiry === NEVER ? {} : { days: Number(expiry) }),
    };
    const outcome = outcomeOf(await create({ input }), (data) => data.createApiKey, "CreateApiKeySuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    onMade({ secret: outcome.value.secret, name: outcome.value.apiKey.name ?? name });
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description="What the key is for, such as the program's name."
          data-autofocus
          value={name}
          error={errorAt(problem, "name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Radio.Group
          label="What it may do"
          value={narrow ? "narrow" : "all"}
          onChange={(value) => setNarrow(value === "narrow")}
        >
          <Stack gap={6} mt={6}>
            <Radio value="all" label="Everything that I may do, now and later" />
            <Radio value="narrow" label="Only what I choose" />
          </Stack>
        </Radio.Group>
        {narrow && (
          <Checkbox.Group
            aria-label="Scopes"
            value={scopes}
            error={errorAt(problem, "scopes")}
            onChange={(values) => setScopes(values as Right[])}
          >
            <Stack gap={6} ml="xl" mb={4}>
              {rights.map((right) => (
                <Checkbox
                  key={right}
                  value={right}
                  label={RIGHT_WORDS[right].label}
                  description={`To ${RIGHT_WORDS[right].may}.`}
                />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Select
          label="Expires after"
          data={EXPIRIES}
          value={expiry}
          allowDeselect={false}
          error={errorAt(problem, "days")}
          onChange={(value) => setExpiry(value ?? NEVER)}
        />
        <FormProblem words={errorElsewhere(problem, ["name", "days", ...(narrow ? ["scopes"] : [])])} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={fetching}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
