import { Link } from "react-router";
import { useViewer } from "../../account/use-viewer.ts";

/** Says that the reader's day is used up, and what they can do. @param text says when it ends */
export function DayUsedNote({ text }: { text: string }) {
  const { isGuest } = useViewer();
  const look = "font-medium whitespace-nowrap underline underline-offset-2";
  return (
    <>
      {text}{" "}
      {isGuest ? (
        <>
          With an account you can go on now:{" "}
          <Link to="/signup" reloadDocument className={look}>
            Sign up
          </Link>
          , and your chats come along.
        </>
      ) : (
        <Link to="/settings/usage" className={look}>
          See your usage
        </Link>
      )}
    </>
  );
}
