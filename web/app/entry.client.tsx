import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { HydratedRouter } from "react-router/dom";
import { checkVersion } from "./lib/new-version.ts";

// Vite reports every part that cannot be loaded, also those that code asks for at the press of a
// button.
addEventListener("vite:preloadError", () => void checkVersion());

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <HydratedRouter />
    </StrictMode>,
  );
});
