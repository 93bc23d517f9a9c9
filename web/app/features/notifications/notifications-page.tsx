import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useStore } from "../../lib/store.ts";
import { trpc } from "../../lib/trpc.ts";
import { Alert } from "../../ui/alert.tsx";
import { Switch } from "../../ui/switch.tsx";
import { type Support, useSupport } from "./browser-support.ts";
import { readChoice } from "./choice.ts";
import { choiceChanges, turnOff, turnOn } from "./turn-on.ts";

/** Why notifications cannot be turned on, and what to do. */
const obstacles: Partial<Record<Support, ReactNode>> = {
  denied: (
    <>
      Your browser blocks notifications from Alleato Chat. To allow them, open the site’s settings
      with the icon beside the address, set notifications to “Allow”, and come back to this page.
    </>
  ),
  unsupported: (
    <>
      This browser can’t show notifications here. They may be off in a private window; otherwise try
      a current version of Chrome, Edge, Firefox or Safari.
    </>
  ),
  "home-screen": (
    <>
      On iPhone and iPad, notifications need the app on the Home Screen. In Safari, tap Share, then
      “Add to Home Screen”, open Alleato Chat from there, and turn them on.
    </>
  ),
};

const withPush = (
  <>
    Notifications arrive even when no tab is open. They go through your browser’s push service,
    encrypted so that only this browser can read them.
  </>
);
const onlyOpen = <>Notifications arrive while a tab with Alleato Chat is open.</>;
const withoutService = (
  <>
    {onlyOpen} Your browser’s push service couldn’t be reached, so none arrive when no tab is open.
    To try again, turn notifications off and on.
  </>
);

/** Whether and how this browser tells the user about answers. */
export function NotificationsPage() {
  const support = useSupport();
  const choice = useStore(choiceChanges, readChoice, null);
  // Shown at once, because asking for the permission takes time.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const change = useMutation({
    mutationFn: async (isOn: boolean) => (isOn ? turnOn() : turnOff().then(() => true)),
    onSettled: () => setWanted(null),
  });
  const settings = trpc.notifications.settings.useQuery(undefined, { enabled: choice === "page" });
  // Without the operator's keys there is nothing to reach.
  const hasPushService = settings.data?.pushKey != null;
  const obstacle = obstacles[support];
  const isOn = support === "granted" && choice !== null;
  const isRefused = change.data === false && support === "default";
  const isAllowed = support === "granted" || support === "default";
  return (
    <>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">Notifications</h1>
        <p className="mt-1.5 text-muted text-pretty">
          While Alleato Chat is in the background, its title shows how many answers are new. This
          browser can also notify you.
        </p>
      </header>
      <section>
        <Switch
          label="Notify me when an answer is ready"
          hint="In this browser. Shows the chat’s title and the first words of the answer."
          checked={wanted ?? isOn}
          disabled={!isAllowed}
          onChange={({ target }) => {
            if (wanted !== null) return;
            setWanted(target.checked);
            change.mutate(target.checked);
          }}
        />
        <div role="status" className="mt-5 text-muted text-pretty empty:hidden">
          {obstacle && <p>{obstacle}</p>}
          {isOn && (
            <p>{choice === "push" ? withPush : hasPushService ? withoutService : onlyOpen}</p>
          )}
        </div>
        <div className="mt-5 empty:hidden">
          <Alert>
            {change.isError
              ? "Notifications couldn’t be turned on or off. Reload the page and try again."
              : isRefused && "Alleato Chat didn’t get permission to show notifications."}
          </Alert>
        </div>
      </section>
    </>
  );
}
