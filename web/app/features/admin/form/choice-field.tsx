import { useId } from "react";
import { classNames } from "../../../ui/class-names.ts";

interface ChoiceFieldProps {
  readonly title: string;
  readonly description: string;
  readonly name: string;
  /** The value that is chosen first. */
  readonly usual: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChoice?: (value: string) => void;
  readonly error: string | undefined;
  readonly disabled?: boolean;
}

/** A labelled choice of a form, with its description or error. */
export function ChoiceField(props: ChoiceFieldProps) {
  const { title, description, name, usual, options, onChoice, error, disabled } = props;
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {title}
      </label>
      <select
        id={id}
        name={name}
        defaultValue={usual}
        disabled={disabled}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-note`}
        onChange={({ target }) => onChoice?.(target.value)}
        className={classNames(
          "h-11 w-full rounded-lg border bg-raised px-3.5 text-base disabled:opacity-60",
          error ? "border-danger" : "border-line-strong",
        )}
      >
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <p id={`${id}-note`} className={classNames("text-sm", error ? "text-danger" : "text-muted")}>
        {error ?? description}
      </p>
    </div>
  );
}
