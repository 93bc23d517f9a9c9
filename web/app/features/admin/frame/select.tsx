import type { ComponentProps } from "react";
import { classNames } from "../../../ui/class-names.ts";

interface SelectProps<Value extends string>
  extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A choice above a list, named for screen readers: what it shows tells the rest. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, onChange, className, ...others } = props;
  return (
    <select
      {...others}
      aria-label={label}
      value={value}
      onChange={({ target }) => {
        const chosen = options.find((option) => option.value === target.value);
        if (chosen) onChange(chosen.value);
      }}
      className={classNames(
        // 16 px on a phone: iOS zooms into smaller fields.
        "h-10 rounded-lg border border-line-strong bg-raised px-3 text-sm max-md:h-11 max-md:text-base",
        className,
      )}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
