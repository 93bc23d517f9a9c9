import { migrationNumbers } from "db";
import { apiHeaders, methodNotAllowed } from "./responses.ts";
import { appRouter } from "./router.ts";
import { contractOf, versionOfContract } from "./router-contract.ts";

export const healthPath = "/v1/health";

/** Computed at the first request for it, because most instances are never asked. */
let contractVersion: string | undefined;

/**
 * Answers that the worker runs, without asking anything that it depends on: its deployed version, the
 * contract that its clients have with it, and the last migrations that it was written for. It tells
 * nothing that helps a stranger, so it asks for no login.
 */
export function serveHealth(env: Env, method: string, requestId: string): Response {
  if (method !== "GET" && method !== "HEAD") {
    return methodNotAllowed("The worker’s health can only be read.", ["GET", "HEAD"], requestId);
  }
  contractVersion ??= versionOfContract(contractOf(appRouter));
  return Response.json(
    {
      status: "ok",
      version: versionOf(env),
      contract: contractVersion,
      migrations: migrationNumbers,
    },
    { headers: apiHeaders(requestId) },
  );
}

/** The id of the deployed version, as the dashboard and `rollback:api` call it. */
export function versionOf(env: Env): string {
  return env.VERSION.id;
}
