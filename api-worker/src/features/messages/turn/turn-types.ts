/** Types that the request side and the chat's object share. */

/** The answer that a turn writes. */
export interface AnswerKey {
  readonly userId: string;
  readonly assistantMessageId: string;
  /** An answer that was continued belongs to its last turn alone. */
  readonly turnId: string;
}
