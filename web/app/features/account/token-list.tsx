import type { TokenOutput } from "api-worker/contracts/account";
import { useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Reader } from "../../lib/date-groups.ts";
import { dateText } from "../../lib/date-text.ts";
import { errorText } from "../../lib/error-text.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { LoadingLines, QueryFailure } from "../../ui/load-state.tsx";
import { expiryText, scopesText } from "./token-text.ts";

/** The viewer's tokens, newest first. */
export function TokenList({ reader }: { reader: Reader }) {
  const list = trpc.account.tokens.list.useQuery();
  const titleId = useId();
  const titleRef = useRef<HTMLHeadingElement>(null);
  const [toRevoke, setToRevoke] = useState<TokenOutput | null>(null);
  return (
    <section aria-labelledby={titleId}>
      <h2
        ref={titleRef}
        id={titleId}
        tabIndex={-1}
        className="text-lg font-semibold tracking-tight outline-none"
      >
        Your tokens
      </h2>
      {list.isPending && (
        <LoadingLines label="Loading tokens" widths={[45, 70, 55]} className="mt-4" />
      )}
      {list.isError && !list.data && <QueryFailure query={list} className="mt-3" />}
      {list.data?.items.length === 0 && (
        <p className="mt-2 text-muted">No tokens yet. Tokens you create will appear here.</p>
      )}
      {list.data && list.data.items.length > 0 && (
        <ul className="mt-3 divide-y divide-line border-y border-line">
          {list.data.items.map((token) => (
            <TokenRow
              key={token.id}
              token={token}
              reader={reader}
              onRevoke={() => setToRevoke(token)}
            />
          ))}
        </ul>
      )}
      {toRevoke && (
        <RevokeDialog
          token={toRevoke}
          onClose={() => setToRevoke(null)}
          onRevoked={() => {
            // Nothing outside a modal dialog can take the focus, so close it first.
            flushSync(() => setToRevoke(null));
            titleRef.current?.focus();
          }}
        />
      )}
    </section>
  );
}

interface TokenRowProps {
  readonly token: TokenOutput;
  readonly reader: Reader;
  readonly onRevoke: () => void;
}

function TokenRow({ token, reader, onRevoke }: TokenRowProps) {
  const { name, createdAt, expiresAt, lastUsedAt } = token;
  const isExpired = expiresAt !== null && expiresAt <= reader.nowMs;
  return (
    <li className="flex items-start gap-4 py-4">
      <div className="min-w-0 flex-1">
        <h3 className="font-medium wrap-anywhere">{name}</h3>
        <p className="mt-0.5 text-sm">{scopesText(token)}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-4 text-sm text-muted">
          <span className={isExpired ? "font-medium text-danger" : undefined}>
            {expiryText(expiresAt, reader)}
          </span>
          <span>Created {dateText(createdAt, reader)}</span>
          <span>
            {lastUsedAt === null ? "Never used" : `Last used ${dateText(lastUsedAt, reader)}`}
          </span>
        </p>
      </div>
      <Button isSmall onClick={onRevoke} aria-label={`Revoke ${name}`}>
        Revoke
      </Button>
    </li>
  );
}

interface RevokeDialogProps {
  readonly token: TokenOutput;
  readonly onClose: () => void;
  readonly onRevoked: () => void;
}

function RevokeDialog({ token, onClose, onRevoked }: RevokeDialogProps) {
  const utils = trpc.useUtils();
  const revoke = trpc.account.tokens.revoke.useMutation({
    onSuccess() {
      utils.account.tokens.list.setData(undefined, (list) =>
        list ? { items: list.items.filter(({ id }) => id !== token.id) } : list,
      );
      onRevoked();
    },
  });
  return (
    <ConfirmDialog
      title="Revoke this token?"
      action="Revoke"
      isPending={revoke.isPending}
      error={revoke.isError ? errorText(revoke.error) : null}
      onConfirm={() => revoke.mutate({ tokenId: token.id })}
      onClose={onClose}
    >
      Anything that uses “{token.name}” will stop working immediately. This can’t be undone.
    </ConfirmDialog>
  );
}
