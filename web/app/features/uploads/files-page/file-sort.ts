export const fileSorts = ["newest", "largest"] as const;
export type FileSort = (typeof fileSorts)[number];

/** The order in the page's address (`?sort=largest`); by default the newest first. */
export function readFileSort(search: URLSearchParams): FileSort {
  return search.get("sort") === "largest" ? "largest" : "newest";
}
