import {
  ArrowDownAZ,
  ArrowDownZA,
  ArrowLeftToLine,
  ArrowRightToLine,
  Heading,
  List,
  Trash2,
} from "lucide-react";
import { Menu, MenuChoice, MenuItem } from "../../../../ui/menu.tsx";
import type { LazyMenuProps } from "../../../../ui/menu-button.tsx";

interface ColumnsMenuProps extends LazyMenuProps {
  readonly hasHeading: boolean;
  readonly onHeading: (hasHeading: boolean) => void;
  readonly onInsert: (offset: 0 | 1) => void;
  readonly onDelete: () => void;
  readonly onSort: (isDescending: boolean) => void;
}

const firstRows = [
  { value: "heading", label: "Has headings, and stays on top", icon: <Heading /> },
  { value: "data", label: "Is sorted with the others", icon: <List /> },
] as const;

/** What can be done with the column of the chosen cell. */
export default function ColumnsMenu(props: ColumnsMenuProps) {
  const { hasHeading, onHeading, onInsert, onDelete, onSort, ...menu } = props;
  return (
    <Menu {...menu} align="start">
      <MenuItem onSelect={() => onSort(false)} icon={<ArrowDownAZ />}>
        Sort A to Z
      </MenuItem>
      <MenuItem onSelect={() => onSort(true)} icon={<ArrowDownZA />}>
        Sort Z to A
      </MenuItem>
      <MenuChoice
        label="The first row"
        value={hasHeading ? "heading" : "data"}
        options={firstRows}
        onChange={(value) => onHeading(value === "heading")}
      />
      <MenuItem onSelect={() => onInsert(0)} icon={<ArrowLeftToLine />}>
        Insert column before
      </MenuItem>
      <MenuItem onSelect={() => onInsert(1)} icon={<ArrowRightToLine />}>
        Insert column after
      </MenuItem>
      <MenuItem isDangerous onSelect={onDelete} icon={<Trash2 />}>
        Delete column
      </MenuItem>
    </Menu>
  );
}
