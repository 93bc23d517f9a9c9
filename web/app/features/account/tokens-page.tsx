import type { CreatedTokenOutput } from "api-worker/contracts/account";
import { useState } from "react";
import type { Reader } from "../../lib/date-groups.ts";
import { trpc } from "../../lib/trpc.ts";
import { useReader } from "../../lib/use-reader.ts";
import { CreateTokenForm } from "./create-token-form.tsx";
import { CreatedToken } from "./created-token.tsx";
import { TokenList } from "./token-list.tsx";

/** The page of API tokens: create, list and revoke them. */
export function TokensPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const utils = trpc.useUtils();
  const [created, setCreated] = useState<CreatedTokenOutput | null>(null);

  function onCreated(token: CreatedTokenOutput) {
    setCreated(token);
    void utils.account.tokens.list.invalidate();
  }

  return (
    <>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">API tokens</h1>
        <p className="mt-1.5 text-muted text-pretty">
          Tokens let your programs use Alleato Chat without your password. Create one for each
          program, and revoke it when you no longer need it.
        </p>
      </header>
      {created ? (
        <CreatedToken token={created} onDone={() => setCreated(null)} />
      ) : (
        <CreateTokenForm onCreated={onCreated} />
      )}
      <TokenList reader={reader} />
    </>
  );
}
