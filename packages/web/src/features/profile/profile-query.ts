import { useQuery } from "urql";
import { graphql } from "../../gql/generated/index.ts";

const ProfileQuery = graphql(`
  query Profile {
    viewer {
      id
      name
      role
      rights
      email
      emailConfirmed
      emailNotifications
      hasPassword
    }
    notificationSetup {
      email
    }
  }
`);

export function useProfile() {
  return useQuery({ query: ProfileQuery });
}
