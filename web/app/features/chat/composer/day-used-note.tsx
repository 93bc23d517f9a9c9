import { Link } from "react-router";
import { useViewer } from "../../account/use-viewer.ts";

/**
 * Says that the daily limit is used up, and what the viewer can do.
 *
 * @param text says when the limit resets
 */
export function DayUsedNote({ text }: { text: string }) {
  const { isGuest } = useViewer();
  const look = "font-medium whitespace-nowrap underline underline-offset-2";
  return (
    <>
      {text}{" "}
      {isGuest ? (
        <>
          Want to keep chatting?{" "}
          <Link to="/signup" reloadDocument className={look}>
            Sign up
          </Link>{" "}
          for a higher limit. Your chats come with you.
        </>
      ) : (
        <Link to="/settings/usage" className={look}>
          View usage
        </Link>
      )}
    </>
  );
}
