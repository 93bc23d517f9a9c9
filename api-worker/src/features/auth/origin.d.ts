/**
 * Refuses a change that another site made the browser send. Browsers put `Origin` on every
 * POST, so a cookie without one, or any other origin, is not our page. Programs that send a bearer
 * token carry nothing that a browser would add by itself.
 *
 * @throws AppError FORBIDDEN
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin
 */
export declare function checkOrigin(request: Request): void;
