import type { ShouldRevalidateFunctionArgs } from "react-router";

/**
 * The `shouldRevalidate` of a page whose address names after the `?` only the view, which does not
 * change what its loader loads.
 */
export function revalidateOtherPages(change: ShouldRevalidateFunctionArgs): boolean {
  const isSamePage = change.currentUrl.pathname === change.nextUrl.pathname;
  return isSamePage ? false : change.defaultShouldRevalidate;
}
