import { withParameter } from "../../../lib/search-parameter.ts";

/** The panel that a chat's address names: `?panel=<kind>:<id>`. */
export interface PanelAddress {
  readonly kind: string;
  readonly id: string;
}

const parameter = "panel";

/** Reads the panel from the query of an address; null without one, or without its kind or id. */
export function readPanel(search: string): PanelAddress | null {
  const value = new URLSearchParams(search).get(parameter);
  const [, kind, id] = /^([^:]+):(.+)$/s.exec(value ?? "") ?? [];
  return kind && id ? { kind, id } : null;
}

/** Whether a query has a panel parameter, even one that {@link readPanel} cannot read. */
export function hasPanel(search: string): boolean {
  return new URLSearchParams(search).has(parameter);
}

/** The query with this panel; null removes the panel. */
export function withPanel(search: string, panel: PanelAddress | null): string {
  return withParameter(search, parameter, panel && `${panel.kind}:${panel.id}`);
}
