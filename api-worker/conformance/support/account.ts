import { randomUUID } from "node:crypto";

/** Signs up and creates a token for open streams, as a person would. */
export async function makeToken(url: string): Promise<string> {
  const call = async (procedure: string, input: unknown, cookie = "") => {
    const response = await fetch(`${url}/trpc/${procedure}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url, cookie },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${procedure}: ${await response.text()}`);
    return response;
  };
  const email = `${randomUUID()}@example.com`;
  const signedUp = await call("auth.signUp", { email, password: "correct horse" });
  const [cookie = ""] = (signedUp.headers.get("set-cookie") ?? "").split(";");
  const input = { name: "conformance", scopes: ["streams"], expiresInDays: 1 };
  const created = await call("account.tokens.create", input, cookie);
  const { result } = (await created.json()) as { result: { data: { token: string } } };
  return result.data.token;
}
