import { ChatView } from "../features/chat/chat-view.tsx";

export function meta() {
  return [{ title: "New chat · Alleato Chat" }];
}

export default function NewChatPage() {
  return <ChatView chatId={null} />;
}
