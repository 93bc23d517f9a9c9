import type { Locator, Page } from "playwright-core";

/** A page of the product in one of its states. */
export interface PageState {
  readonly name: string;
  /** Brings a narrow page from the walk's previous state to this one. */
  open(page: Page): Promise<unknown>;
  /** An element that only this state shows, at every width. */
  shows(page: Page): Locator;
  /** Whether the state exists only on a narrow page. */
  readonly onlyNarrow?: boolean;
}

/** States that one user goes through, one after another. */
export interface Walk {
  readonly name: string;
  /** Starts in a fresh browser. */
  begin?(page: Page): Promise<unknown>;
  readonly states: readonly PageState[];
  /** Console messages that are expected on the way. */
  readonly problems?: readonly RegExp[];
}
