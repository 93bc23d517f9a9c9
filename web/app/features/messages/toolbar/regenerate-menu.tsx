import type { ModelOutput } from "api-worker/contracts";
import { RefreshCw, Sparkles } from "lucide-react";
import { Menu, MenuItem } from "../../../ui/menu.tsx";
import type { LazyMenuProps } from "../../../ui/menu-button.tsx";

interface RegenerateMenuProps extends LazyMenuProps {
  readonly models: readonly ModelOutput[];
  /** The model of the current answer. */
  readonly modelId: string | null | undefined;
  readonly onRegenerate: (modelId?: string) => void;
}

/** Regenerates an answer with the same model or another one. */
export default function RegenerateMenu(props: RegenerateMenuProps) {
  const { models, modelId, onRegenerate, ...menu } = props;
  return (
    <Menu {...menu} align="start">
      <MenuItem onSelect={() => onRegenerate()} icon={<RefreshCw />}>
        Try again
      </MenuItem>
      {models
        .filter(({ id }) => id !== modelId)
        .map(({ id, name }) => (
          <MenuItem key={id} onSelect={() => onRegenerate(id)} icon={<Sparkles />}>
            Retry with {name}
          </MenuItem>
        ))}
    </Menu>
  );
}
