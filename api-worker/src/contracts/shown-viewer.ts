/**
 * A page names the user whom it shows in each request. So it cannot act for another user, when that
 * user has logged in in the same browser meanwhile. Imports nothing.
 */

/** The header with the user's id. */
export const shownViewerHeader = "x-viewer";
/** The same in the query of a subscription, because an `EventSource` sends no headers of a page. */
export const shownViewerParameter = "viewer";
