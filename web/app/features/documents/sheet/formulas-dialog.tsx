import { useId } from "react";
import { Button } from "../../../ui/button.tsx";
import { Modal } from "../../../ui/modal.tsx";
import { defuseFormulas } from "./csv/formulas.ts";

interface FormulasDialogProps {
  /** The number of cells that may be run. */
  readonly count: number;
  readonly content: string;
  readonly onSave: (content: string) => void;
  readonly onClose: () => void;
}

/** Asks how cells are downloaded that a spreadsheet program may run as formulas. */
export default function FormulasDialog({ count, content, onSave, onClose }: FormulasDialogProps) {
  const textId = useId();
  const choose = (chosen: string) => {
    onSave(chosen);
    onClose();
  };
  return (
    <Modal title="Download formulas?" describedBy={textId} onClose={onClose} className="max-w-lg">
      <p id={textId} className="mt-1.5 mb-5 text-muted text-pretty">
        {count === 1 ? "1 cell begins" : `${count.toLocaleString("en")} cells begin`} like a
        formula. Excel and other programs may run it when the file is opened. As text,{" "}
        {count === 1 ? "it gets" : "each gets"} an apostrophe in front. The document itself stays as
        it is.
      </p>
      <div className="flex flex-wrap justify-end gap-3">
        <Button onClick={() => choose(content)}>Keep formulas</Button>
        <Button look="primary" onClick={() => choose(defuseFormulas(content))}>
          Download as text
        </Button>
      </div>
    </Modal>
  );
}
