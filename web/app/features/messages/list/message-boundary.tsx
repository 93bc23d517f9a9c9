import { CircleAlert } from "lucide-react";
import { Component, type ReactNode, Suspense } from "react";
import type { ChatMessage } from "../message.ts";

interface MessageBoundaryProps {
  readonly message: ChatMessage;
  readonly children: ReactNode;
}

/**
 * Shows a sentence in place of a message that cannot be rendered, so that the page and its other
 * messages stay. On the server, where React has no error boundaries, `Suspense` does it.
 */
export class MessageBoundary extends Component<MessageBoundaryProps, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  /** A message that has changed may be sound again. */
  override componentDidUpdate(before: MessageBoundaryProps): void {
    if (this.state.isBroken && before.message !== this.props.message) {
      this.setState({ isBroken: false });
    }
  }

  override render() {
    if (this.state.isBroken) return <Broken />;
    return <Suspense fallback={<Broken />}>{this.props.children}</Suspense>;
  }
}

function Broken() {
  return (
    <p className="flex items-start gap-2 text-sm text-muted">
      <CircleAlert size={16} aria-hidden className="mt-0.75 shrink-0" />
      This message can’t be displayed.
    </p>
  );
}
