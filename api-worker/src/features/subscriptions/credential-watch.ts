import type { Context } from "../../context.ts";
import { AppError, loggedOut } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Credential, credentialEndedCode } from "../../platform/user-object.ts";
import type { Viewer } from "../../viewer.ts";

/** While something is open, its credential is checked this often, in case a notice was lost. */
const checkEveryMs = 60_000;
/** Another try after a check that failed. */
const retryMs = 1_000;
/**
 * The first check waits this long: the request has just read the credential, and the first word of an
 * answer must not wait for another query.
 */
const firstCheckMs = 250;

/**
 * Watches the session or token with which something was opened. Its end comes as a notice of the
 * user's object; by its own expiry; or, if the notice was lost, with the next check.
 */
export class CredentialWatch {
  readonly #confirm: Context["confirmCredential"];
  readonly #end = new AbortController();
  #credential: Credential;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(ctx: Pick<Context, "confirmCredential">, { credential }: Pick<Viewer, "credential">) {
    this.#confirm = ctx.confirmCredential;
    this.#credential = credential;
  }

  /** What sockets are opened with now. */
  get credential(): Credential {
    return this.#credential;
  }

  /** Aborts at the credential's end, with the error for the reader as its reason. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /**
   * Checks the credential shortly. Called after each socket that was opened: the credential may have
   * ended before the user's object knew of the socket.
   */
  checkSoon(): void {
    this.#checkIn(firstCheckMs);
  }

  #checkIn(waitMs: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), waitMs);
  }

  /** Reads whether the credential is good, and again at its expiry. */
  async #check(): Promise<void> {
    const credential = this.#credential;
    let waitMs = retryMs;
    try {
      const endsAt = await this.#confirm(credential);
      const leftMs = endsAt === null ? checkEveryMs : endsAt - systemClock();
      waitMs = Math.max(0, Math.min(leftMs, checkEveryMs));
    } catch (error) {
      // What was replaced meanwhile is checked by its replacement.
      if (credential !== this.#credential) return;
      if (error instanceof AppError && error.code === "UNAUTHENTICATED") this.#endWith(error);
    }
    this.#checkIn(waitMs);
  }

  /**
   * Takes note of a closed socket.
   *
   * @param reason the credential with which the same user goes on, if any
   * @returns whether the credential has ended; otherwise the socket should be opened again
   */
  hasEndedBy(code: number, reason: string): boolean {
    if (code !== credentialEndedCode) return false;
    if (reason === "") {
      this.#endWith(loggedOut());
      return true;
    }
    this.#credential = reason as Credential;
    return false;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #endWith(error: AppError): void {
    this.stop();
    this.#end.abort(error);
  }
}
