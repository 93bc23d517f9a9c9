export function meta() {
  return [{ title: "New chat · Alleato Chat" }];
}

/** The layout shows the chat. */
export default function NewChatPage() {
  return null;
}
