import { Combobox } from "@base-ui/react/combobox";
import type { BaseUIEvent } from "@base-ui/react/types";
import type { ModelOutput } from "api-worker/contracts";
import { Brain, Check, Eye, EyeOff, FileType, Search, Wrench } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { ignoringComposition } from "../../lib/keyboard.ts";
import { classNames } from "../../ui/class-names.ts";
import type { LazyMenuProps } from "../../ui/menu-button.tsx";
import { abilitiesOf, filterModels } from "./filter-models.ts";

interface ModelMenuProps extends LazyMenuProps {
  readonly models: readonly ModelOutput[];
  readonly modelId: string | undefined;
  /** Whether the message has pictures, which rules out models that can't see them. */
  readonly hasPictures: boolean;
  readonly onChange: (modelId: string) => void;
}

/** The list of models and their abilities. Typing filters it; the arrow keys or a click choose. */
export default function ModelMenu(props: ModelMenuProps) {
  const { models, modelId, hasPictures, onChange, anchor, isOpen, onClose, label } = props;
  const searchRef = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  // The library finds the chosen model while closed, to make it the active item on opening.
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const found = filterModels(models, query);
  return (
    <Combobox.Root
      open={isOpen && isReady}
      onOpenChange={(isNowOpen) => !isNowOpen && onClose()}
      items={models}
      filteredItems={found}
      itemToStringLabel={({ name }) => name}
      value={models.find(({ id }) => id === modelId) ?? null}
      onValueChange={(model) => model && onChange(model.id)}
      inputValue={query}
      onInputValueChange={setQuery}
      autoHighlight
      highlightItemOnHover={false}
    >
      <Combobox.Portal>
        <Combobox.Positioner
          anchor={anchor}
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          className="z-50"
        >
          <Combobox.Popup
            aria-label={label}
            initialFocus={searchRef}
            finalFocus={anchor}
            className="flex max-h-[min(26rem,var(--available-height))] w-[min(23rem,calc(100vw-1.5rem))] flex-col rounded-2xl border border-line bg-raised shadow-float outline-none transition-opacity data-starting-style:opacity-0"
          >
            <div className="flex items-center gap-2 border-b border-line px-3.5">
              <Search size={16} aria-hidden className="shrink-0 text-muted" />
              <Combobox.Input
                ref={searchRef}
                aria-label="Find a model"
                onKeyDown={ignoringComposition<BaseUIEvent<KeyboardEvent>>(
                  () => undefined,
                  (event) => event.preventBaseUIHandler(),
                )}
                placeholder="Find a model"
                className="h-11 min-w-0 flex-1 bg-transparent placeholder:text-muted focus-visible:outline-none"
              />
            </div>
            <Combobox.List aria-label="Models" className="overflow-y-auto p-1.5">
              {(model: ModelOutput) => (
                <ModelOption
                  key={model.id}
                  model={model}
                  isRefused={hasPictures && !model.capabilities.vision}
                />
              )}
            </Combobox.List>
            <p
              role="status"
              className={found.length > 0 ? "sr-only" : "px-4 pb-4 text-sm text-muted"}
            >
              {found.length === 0
                ? "No models found."
                : `${found.length} ${found.length === 1 ? "model" : "models"}`}
            </p>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

interface ModelOptionProps {
  readonly model: ModelOutput;
  /** The model cannot see the message's pictures. */
  readonly isRefused: boolean;
}

function ModelOption({ model, isRefused }: ModelOptionProps) {
  return (
    <Combobox.Item
      value={model}
      disabled={isRefused}
      className={classNames(
        "flex items-start gap-2 rounded-xl px-2.5 py-2 hover:bg-hover data-highlighted:bg-selected",
        isRefused ? "cursor-not-allowed" : "cursor-pointer",
      )}
    >
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{model.name}</span>
          <span className="text-xs text-muted">{model.provider}</span>
        </p>
        <p className="text-sm text-muted text-pretty">{model.description}</p>
        {isRefused && (
          <p className="mt-1 flex items-center gap-1.5 text-sm text-danger">
            <EyeOff size={14} aria-hidden className="shrink-0" /> Can’t see the images you attached
          </p>
        )}
        <p className="mt-1.5 flex flex-wrap gap-1.5">
          {abilitiesOf(model).map((ability) => (
            <Badge key={ability} ability={ability} />
          ))}
        </p>
      </div>
      <span className="mt-1 size-4 shrink-0 text-accent">
        <Combobox.ItemIndicator>
          <Check size={16} aria-hidden />
        </Combobox.ItemIndicator>
      </span>
    </Combobox.Item>
  );
}

const pictures: Record<string, typeof Eye> = {
  Tools: Wrench,
  Vision: Eye,
  PDF: FileType,
  Reasoning: Brain,
};

function Badge({ ability }: { ability: string }) {
  const Picture = pictures[ability];
  return (
    <span className="inline-flex items-center gap-1 rounded-md border border-line px-1.5 py-0.5 text-xs text-muted">
      {Picture && <Picture size={12} aria-hidden />}
      {ability}
    </span>
  );
}
