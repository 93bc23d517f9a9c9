import { type ComponentType, Suspense } from "react";
import { lazyPart } from "../lib/new-version.ts";

/**
 * A modal whose code is loaded when it is first shown.
 *
 * @param load imports a module whose default export is the modal
 */
export function lazyModal<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  const Modal = lazyPart(load);
  return (props) => (
    <Suspense fallback={null}>
      <Modal {...props} />
    </Suspense>
  );
}
