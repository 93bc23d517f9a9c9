/** Limits that both sides know: the web app to guide, the worker to refuse. Imports nothing. */
export declare const limits: {
  readonly emailMaxLength: 254;
  readonly passwordMinLength: 8;
  readonly passwordMaxLength: 256;
  readonly nameMaxLength: 100;
  readonly titleMaxLength: 120;
  /** Characters (UTF-16 code units) of one text part. */
  readonly messageTextMaxLength: 32000;
  readonly messagePartsMax: 20;
  readonly chatsPageMax: 100;
  readonly messagesPageMax: 200;
};
