/** Forms of limits and settings while other administrators save: a small DOM, and no browser. */
import type { LimitsOutput } from "api-worker/contracts/admin-limits";
import { parseHTML } from "linkedom";
import { act } from "react";
import type { Root } from "react-dom/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { useEditedForm } from "../form/use-edited-form.ts";

type Form = typeof import("./limits-form.tsx");
type OnSave = Parameters<Form["LimitsForm"]>[0]["onSave"];

let container: HTMLElement;
let createRoot: (element: HTMLElement) => Root;
let LimitsForm: Form["LimitsForm"];

/** Stands in for the browser's, which reads a form: linkedom has none. */
class FormDataOfPage {
  readonly #form: HTMLElement;
  constructor(form: HTMLElement) {
    this.#form = form;
  }
  get(name: string): string | null {
    const field = [...this.#form.querySelectorAll<HTMLInputElement>("[name]")].find(
      (element) => element.getAttribute("name") === name,
    );
    if (!field) return null;
    return field.localName === "select"
      ? (field.querySelector("option[selected]")?.getAttribute("value") ?? null)
      : field.value;
  }
}

beforeAll(async () => {
  const { window } = parseHTML("<html><body></body></html>");
  // React looks for a window when it is loaded.
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", window.document);
  vi.stubGlobal("FormData", FormDataOfPage);
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  ({ createRoot } = await import("react-dom/client"));
  ({ LimitsForm } = await import("./limits-form.tsx"));
});
afterAll(() => vi.unstubAllGlobals());

function mount(): Root {
  container = document.createElement("main");
  document.body.append(container);
  return createRoot(container);
}

function field(name: string): HTMLElement {
  const found = container.querySelector<HTMLElement>(`[name="${name}"]`);
  if (!found) throw new Error(`The form has no field ${name}.`);
  return found;
}

const send = (target: Element | null, type: string) =>
  act(async () => {
    target?.dispatchEvent(new window.Event(type, { bubbles: true, cancelable: true }));
  });

async function choose(name: string, value: string): Promise<void> {
  for (const option of field(name).querySelectorAll("option")) {
    option.toggleAttribute("selected", option.getAttribute("value") === value);
  }
  await send(field(name), "change");
}

const none = {
  messagesPerDay: null,
  tokensPerDay: null,
  costPerDayNanos: null,
  costPerMonthNanos: null,
  storageMaxBytes: null,
  storageMaxMessages: null,
};
const mutation = { isPending: false, error: null, reset: () => undefined };

/** A mounted form, and what it has saved. */
function open() {
  const root = mount();
  const saves: Parameters<OnSave>[] = [];
  const onSave: OnSave = (...save) => saves.push(save);
  return {
    saves,
    show: (stored: LimitsOutput["stored"]) =>
      act(async () =>
        root.render(
          <LimitsForm limits={{ stored, defaults: none }} mutation={mutation} onSave={onSave} />,
        ),
      ),
    submit: () => send(container.querySelector("form"), "submit"),
    close: () => act(async () => root.unmount()),
  };
}

test("a limit that another administrator sets while the form is edited stays as it is", async () => {
  const { saves, show, submit, close } = open();
  await show({ messagesPerDay: 5 });
  await choose("messagesPerDay", "none");
  await show({ messagesPerDay: 5, costPerDayNanos: 2_000_000_000 });
  await submit();
  const [change, onSaved] = saves[0] as Parameters<OnSave>;
  expect(change).toEqual({ set: { messagesPerDay: null }, reset: [] });
  // After the form's own save it shows what is stored, and the next change is held against that.
  const stored = { messagesPerDay: null, costPerDayNanos: 2_000_000_000 };
  await act(async () => onSaved({ stored, defaults: none }));
  expect(field("costPerDayNanos amount").getAttribute("value")).toBe("2");
  await choose("costPerDayNanos", "default");
  await submit();
  expect(saves[1]?.[0]).toEqual({ set: {}, reset: ["costPerDayNanos"] });
  await close();
});

test("a form that was not edited shows what was loaded last", async () => {
  const { saves, show, submit, close } = open();
  await show({ messagesPerDay: 5 });
  await show({ messagesPerDay: 7 });
  expect(field("messagesPerDay amount").getAttribute("value")).toBe("7");
  await submit();
  expect(saves[0]?.[0]).toEqual({ set: {}, reset: [] });
  await close();
});

test("settings from the cache give way to those that are loaded, until the form is edited", async () => {
  let edited: ReturnType<typeof useEditedForm<number>> | undefined;
  function Page({ data }: { readonly data: number }) {
    edited = useEditedForm({ data, refetch: async () => ({ data: 4 }) });
    return null;
  }
  const root = mount();
  const load = (data: number) => act(async () => root.render(<Page data={data} />));
  await load(1);
  await load(2);
  expect(edited?.current).toBe(2);
  await act(async () => edited?.form.onEdit());
  await load(3);
  expect(edited?.current).toBe(2);
  await act(async () => edited?.form.onReload());
  expect(edited?.current).toBe(4);
  await act(async () => root.unmount());
});
