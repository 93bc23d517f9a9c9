import { type ComponentType, lazy, Suspense } from "react";

/**
 * A modal whose code is loaded when it is first shown.
 *
 * @param load imports a module whose default export is the modal
 */
export function lazyModal<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  const Modal = lazy(load) as ComponentType<unknown> as ComponentType<Props>;
  return (props) => (
    <Suspense fallback={null}>
      <Modal {...props} />
    </Suspense>
  );
}
