import { Popover } from "@base-ui/react/popover";
import type { ModelOutput } from "api-worker/contracts";
import { Brain, Check, Eye, EyeOff, FileType, Search, Wrench } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import type { LazyMenuProps } from "../../ui/menu-button.tsx";
import { abilitiesOf, filterModels } from "./filter-models.ts";

interface ModelMenuProps extends LazyMenuProps {
  readonly models: readonly ModelOutput[];
  readonly modelId: string | undefined;
  /** The message has pictures: models that cannot see them cannot be chosen. */
  readonly hasPictures: boolean;
  readonly onChange: (modelId: string) => void;
}

/** All models with what they can do; one types to find, and chooses with the arrows or a press. */
export default function ModelMenu(props: ModelMenuProps) {
  const { anchor, isOpen, onClose, label } = props;
  const searchRef = useRef<HTMLInputElement>(null);
  return (
    <Popover.Root open={isOpen} onOpenChange={(isNowOpen) => !isNowOpen && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={anchor}
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          className="z-50"
        >
          <Popover.Popup
            aria-label={label}
            initialFocus={searchRef}
            finalFocus={anchor}
            className="flex max-h-[min(26rem,var(--available-height))] w-[min(23rem,calc(100vw-1.5rem))] flex-col rounded-2xl border border-line bg-raised shadow-float outline-none transition-opacity data-starting-style:opacity-0"
          >
            <Choice {...props} searchRef={searchRef} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

type ChoiceProps = ModelMenuProps & {
  readonly searchRef: React.RefObject<HTMLInputElement | null>;
};

function Choice(props: ChoiceProps) {
  const { models, modelId, hasPictures, onChange, onClose, searchRef } = props;
  const id = useId();
  const [query, setQuery] = useState("");
  const [activeId, setActiveId] = useState(modelId);
  const found = filterModels(models, query);
  const active = found.find((model) => model.id === activeId) ?? found[0];
  const optionId = (model: ModelOutput) => `${id}-${model.id}`;

  const isRefused = (model: ModelOutput) => hasPictures && !model.capabilities.vision;
  const choose = (model: ModelOutput | undefined) => {
    if (!model || isRefused(model)) return;
    onChange(model.id);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = active ? found.indexOf(active) : 0;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: found.length - 1,
    };
    const step = steps[event.key];
    if (event.key === "Enter") choose(active);
    else if (step === undefined || found.length === 0) return;
    else setActiveId(found.at(step % found.length)?.id);
    event.preventDefault();
  };

  return (
    <>
      <div className="flex items-center gap-2 border-b border-line px-3.5">
        <Search size={16} aria-hidden className="shrink-0 text-muted" />
        <input
          ref={searchRef}
          role="combobox"
          aria-label="Find a model"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={active && optionId(active)}
          aria-autocomplete="list"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Find a model"
          autoComplete="off"
          spellCheck={false}
          className="h-11 min-w-0 flex-1 bg-transparent placeholder:text-muted focus-visible:outline-none"
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Models" className="overflow-y-auto p-1.5">
        {found.map((model) => (
          <Option
            key={model.id}
            id={optionId(model)}
            model={model}
            isActive={model === active}
            isChosen={model.id === modelId}
            isRefused={isRefused(model)}
            onChoose={() => choose(model)}
          />
        ))}
      </div>
      <p role="status" className={found.length > 0 ? "sr-only" : "px-4 pb-4 text-sm text-muted"}>
        {found.length === 0
          ? "No model is called that."
          : `${found.length} ${found.length === 1 ? "model" : "models"}`}
      </p>
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly model: ModelOutput;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  /** It cannot see the pictures of the message. */
  readonly isRefused: boolean;
  readonly onChoose: () => void;
}

function Option({ id, model, isActive, isChosen, isRefused, onChoose }: OptionProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) ref.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search box, which has the focus.
    <div
      ref={ref}
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={isRefused || undefined}
      tabIndex={-1}
      onClick={onChoose}
      className={classNames(
        "flex items-start gap-2 rounded-xl px-2.5 py-2 hover:bg-hover",
        isRefused ? "cursor-not-allowed" : "cursor-pointer",
        isActive && "bg-selected",
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
            <EyeOff size={14} aria-hidden className="shrink-0" /> Cannot see the pictures you
            attached
          </p>
        )}
        <p className="mt-1.5 flex flex-wrap gap-1.5">
          {abilitiesOf(model).map((ability) => (
            <Badge key={ability} ability={ability} />
          ))}
        </p>
      </div>
      <Check
        size={16}
        aria-hidden
        className={classNames("mt-1 shrink-0 text-accent", !isChosen && "invisible")}
      />
    </div>
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
