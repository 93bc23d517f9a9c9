/** Why a request is refused before a page sees it, for the error page. */
export interface PageRefusal {
  readonly status: 400 | 403 | 413 | 415;
  readonly text: string;
}
