import type { ModelOutput } from "api-worker/contracts";
import { ChevronDown } from "lucide-react";
import { lazyMenu, MenuButton } from "../../ui/menu-button.tsx";

const ModelMenu = lazyMenu(() => import("./model-menu.tsx"));

interface ModelPickerProps {
  readonly models: readonly ModelOutput[];
  readonly modelId: string | undefined;
  /** Whether the message has pictures, which rules out models that can't see them. */
  readonly hasPictures: boolean;
  readonly onChange: (modelId: string) => void;
}

/** Shows the model that will answer, and opens the list of models. */
export function ModelPicker({ models, modelId, hasPictures, onChange }: ModelPickerProps) {
  const model = models.find(({ id }) => id === modelId);
  if (!model) return null;
  return (
    <MenuButton
      label={`Model: ${model.name}`}
      popup="dialog"
      menu={ModelMenu}
      menuProps={{ models, modelId, hasPictures, onChange }}
      className="flex h-10 max-w-full items-center gap-1 rounded-full px-3 text-sm text-muted hover:text-ink"
    >
      <span className="truncate">{model.name}</span>
      <ChevronDown size={14} aria-hidden className="shrink-0" />
    </MenuButton>
  );
}
