import { Search } from "lucide-react";
import type { ComponentProps } from "react";

interface SearchFieldProps extends Omit<ComponentProps<"input">, "onChange"> {
  readonly label: string;
  readonly onChange: (text: string) => void;
}

/** The field that a list is searched with. Its placeholder tells what can be searched for. */
export function SearchField({ label, onChange, ...props }: SearchFieldProps) {
  return (
    <div className="relative min-w-0 flex-1 basis-72">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute start-3 top-1/2 size-4 -translate-y-1/2 text-muted"
      />
      <input
        {...props}
        type="search"
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => onChange(target.value)}
        className="h-10 w-full rounded-lg border border-line-strong bg-raised ps-9 pe-3 text-sm placeholder:text-muted focus-visible:outline-offset-0 max-md:h-11 max-md:text-base"
      />
    </div>
  );
}
