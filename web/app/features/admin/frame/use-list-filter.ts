import { useSearchParams } from "react-router";

/**
 * The filter of a list, which is in the page's address.
 *
 * @returns the parameters, and a function that sets one of them; an empty value takes it away
 */
export function useListFilter() {
  const [parameters, setParameters] = useSearchParams();
  const choose = (name: string, value: string) =>
    setParameters(
      (before) => {
        if (value === "") before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  return [parameters, choose] as const;
}
