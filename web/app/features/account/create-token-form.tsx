import type { CreatedTokenOutput, TokenScope } from "api-worker/contracts/account";
import { type FormEvent, useId, useRef, useState } from "react";
import { readError } from "../../lib/error-text.ts";
import { trpc } from "../../lib/trpc.ts";
import { Alert } from "../../ui/alert.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { scopesFor, tokenLives, tokenScopeTexts } from "./token-scopes.ts";
import { useViewer } from "./use-viewer.ts";

interface Missing {
  readonly name?: string;
  readonly scopes?: string;
}

/** The form that creates an API token: its name, permissions and expiry. */
export function CreateTokenForm({ onCreated }: { onCreated: (token: CreatedTokenOutput) => void }) {
  const create = trpc.account.tokens.create.useMutation({ onSuccess: onCreated });
  const [missing, setMissing] = useState<Missing>({});
  const formRef = useRef<HTMLFormElement>(null);
  const titleId = useId();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (create.isPending) return;
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name")).trim();
    const scopes = form.getAll("scopes") as TokenScope[];
    const next: Missing = {
      ...(name === "" && { name: "Enter a name for this token." }),
      ...(scopes.length === 0 && { scopes: "Select at least one permission." }),
    };
    setMissing(next);
    const first = next.name ? "name" : next.scopes ? "scopes" : null;
    if (first) {
      formRef.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
      return;
    }
    const life = form.get("life");
    create.mutate({ name, scopes, expiresInDays: life === "" ? null : Number(life) });
  }

  const refusal = create.isError ? readError(create.error) : null;
  return (
    <section
      aria-labelledby={titleId}
      className="rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6"
    >
      <h2 id={titleId} className="text-lg font-semibold tracking-tight">
        New token
      </h2>
      <form ref={formRef} onSubmit={submit} noValidate className="mt-4 grid gap-5">
        <TextField
          label="Name"
          name="name"
          autoComplete="off"
          required
          placeholder="Backup script"
          error={missing.name ?? refusal?.fields.name}
        />
        <ScopeChoice error={missing.scopes ?? refusal?.fields.scopes} />
        <LifeChoice />
        <div>
          <Alert>{refusal?.text}</Alert>
          <Button type="submit" look="primary" isPending={create.isPending}>
            Create token
          </Button>
        </div>
      </form>
    </section>
  );
}

function ScopeChoice({ error }: { error: string | undefined }) {
  const id = useId();
  const { role } = useViewer();
  return (
    <fieldset
      aria-describedby={error ? `${id}-error` : undefined}
      aria-invalid={error ? true : undefined}
    >
      <legend className="mb-1.5 font-medium">Permissions</legend>
      <div className="grid gap-1">
        {scopesFor({ isAdmin: role === "admin" }).map((scope) => (
          <div key={scope} className="flex gap-3 py-1.5">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              id={`${id}-${scope}`}
              aria-describedby={`${id}-${scope}-note`}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <div className="min-w-0">
              <label htmlFor={`${id}-${scope}`} className="cursor-pointer">
                {tokenScopeTexts[scope].title}
              </label>
              <p id={`${id}-${scope}-note`} className="text-sm text-muted">
                {tokenScopeTexts[scope].note}
              </p>
            </div>
          </div>
        ))}
      </div>
      <p id={`${id}-error`} className="mt-1 text-sm text-danger empty:hidden">
        {error}
      </p>
    </fieldset>
  );
}

function LifeChoice() {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        Expires
      </label>
      <select
        id={id}
        name="life"
        defaultValue="90"
        className="h-11 w-full rounded-lg border border-line-strong bg-raised px-3 text-base sm:w-56"
      >
        {tokenLives.map(({ days, label }) => (
          <option key={label} value={days ?? ""}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
