import { Alert } from "@mantine/core";

/** What went wrong with a whole form, where no field of it is to blame. */
export function FormProblem({ words }: { readonly words: string | undefined }) {
  if (words === undefined) return null;
  return (
    <Alert color="red" role="alert">
      {words}
    </Alert>
  );
}
