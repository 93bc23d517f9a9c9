import { SquarePen } from "lucide-react";
import { useNavigate } from "react-router";
import { Button, IconButton } from "../../ui/button.tsx";

/** Opens a new chat. A form, so that it works before the page's scripts have loaded. */
export function NewChatButton({ isCompact = false }: { isCompact?: boolean }) {
  const navigate = useNavigate();
  const icon = <SquarePen aria-hidden="true" className="size-[1.125rem]" />;
  return (
    <form
      action="/"
      className={isCompact ? undefined : "flex-1"}
      onSubmit={(event) => {
        event.preventDefault();
        navigate("/");
      }}
    >
      {isCompact ? (
        <IconButton type="submit" label="New chat">
          {icon}
        </IconButton>
      ) : (
        <Button type="submit" className="w-full shadow-raised max-md:min-h-11">
          {icon}
          New chat
        </Button>
      )}
    </form>
  );
}
