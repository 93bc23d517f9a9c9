/**
 * Decides which part of a long chat is rendered. Pure functions. Positions are px, counted upwards
 * from the end.
 */
import { type ChatMessage, messageText } from "../message.ts";

/** A run of messages, counted from the newest. */
export interface MessageWindow {
  /** The newest messages that are not rendered. */
  readonly skip: number;
  readonly count: number;
}

/**
 * Chats of up to this many messages are rendered completely, so that the browser's own search
 * works.
 */
export const wholeChatMax = 30;
/** A long chat starts with this many of the newest messages, more than fill a screen. */
export const firstWindow: MessageWindow = { skip: 0, count: 16 };
/**
 * Windows start and end at multiples of this, so that scrolling past one message does not change
 * them.
 */
const stepCount = 4;
/** Space between two messages, in px: `gap-6`. */
export const messageGapPx = 24;

export interface View {
  /** How far the lower edge of the view is from the end, in px. */
  readonly distancePx: number;
  readonly heightPx: number;
  /** How far beyond both edges of the view messages are rendered, in px. */
  readonly overscanPx: number;
}

/**
 * The messages that are in view or near it.
 *
 * @param heightsPx of all messages, newest first
 */
export function windowFor(heightsPx: readonly number[], view: View): MessageWindow {
  const fromPx = view.distancePx - view.overscanPx;
  const toPx = view.distancePx + view.heightPx + view.overscanPx;
  let positionPx = 0;
  let skip = 0;
  let end = 0;
  for (const heightPx of heightsPx) {
    positionPx += heightPx + messageGapPx;
    end += 1;
    if (positionPx < fromPx) skip = end;
    if (positionPx >= toPx) break;
  }
  const first = Math.floor(skip / stepCount) * stepCount;
  const last = Math.ceil(Math.max(end, skip + 1) / stepCount) * stepCount;
  return { skip: first, count: Math.max(last - first, stepCount) };
}

/**
 * Makes a window around a message.
 *
 * @param fromEnd index of the message from the newest, which is 0
 */
export function windowAround(fromEnd: number): MessageWindow {
  const skip = Math.max(0, fromEnd - firstWindow.count / 2);
  return { skip, count: firstWindow.count };
}

/** The height of the space in place of messages that are not rendered, in px; 0 for none. */
export function spaceOf(heightsPx: readonly number[]): number {
  const sumPx = heightsPx.reduce((sum, heightPx) => sum + heightPx + messageGapPx, 0);
  return Math.max(0, sumPx - messageGapPx);
}

/** Estimated height of a message that was never rendered, in px. */
export function estimateHeight(message: ChatMessage): number {
  const lines = messageText(message)
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 85)), 0);
  return 50 + lines * 25;
}
