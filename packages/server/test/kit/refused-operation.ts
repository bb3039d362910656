import type { Page } from "playwright-core";

/**
 * Has one operation fail in a window, as it does where the server has an error.
 *
 * @param operation its name, such as `Winners`
 * @param variables as they are sent, such as `"mine":false`: only those that have them
 * @returns what lets it through again
 */
export async function refuseOperation(page: Page, operation: string, variables = ""): Promise<() => void> {
  let refused = true;
  await page.route("**/graphql", async (route) => {
    const asked = route.request().postData() ?? "";
    if (!refused || !asked.includes(`"operationName":"${operation}"`) || !asked.includes(variables)) {
      return route.fallback();
    }
    // Answered as the server does: a status of its own would be an error on the page's console.
    return route.fulfill({ json: { errors: [{ message: `${operation} is refused.` }] } });
  });
  return () => {
    refused = false;
  };
}
