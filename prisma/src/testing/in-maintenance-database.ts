import pg from "pg";

/**
 * Runs statements about databases on the server of `url`, from the database `postgres`: one that is to be cloned or
 * dropped must have no session itself.
 */
export async function inMaintenanceDatabase(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: inDatabase(url, "postgres") });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** The address of another database on the same server. */
export function inDatabase(url: string, name: string): string {
  const parts = new URL(url);
  parts.pathname = `/${name}`;
  return parts.href;
}
