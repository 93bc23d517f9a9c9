export const fileSorts = ["newest", "largest"] as const;
export type FileSort = (typeof fileSorts)[number];

/** The order that an address asks for (`?sort=largest`); the newest first otherwise. */
export function readFileSort(search: URLSearchParams): FileSort {
  return search.get("sort") === "largest" ? "largest" : "newest";
}
