import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";

/**
 * A cache in which a query that is invalidated during its very first request is requested again.
 * TanStack Query does so for later requests only: otherwise a list that was asked for just before a
 * change would keep what the server knew before it.
 */
export class FreshQueryClient extends QueryClient {
  override invalidateQueries<Key extends QueryKey = QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options: InvalidateOptions = {},
  ): Promise<void> {
    if (filters?.refetchType !== "none" && options.cancelRefetch !== false) {
      for (const query of this.getQueryCache().findAll(filters)) {
        const isFirst = query.state.data === undefined && query.state.fetchStatus === "fetching";
        // Without a component that shows it, it would not be requested again.
        if (isFirst && query.isActive() && !query.isStatic()) void query.cancel({ silent: true });
      }
    }
    return super.invalidateQueries(filters, options);
  }
}
