/** Types that the worker's requests and the chat's object share. */

/** The answer that a turn writes. */
export interface AnswerKey {
  readonly userId: string;
  readonly assistantMessageId: string;
  /** The turn of a continued answer is its last one. */
  readonly turnId: string;
}
