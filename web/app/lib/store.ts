import { useSyncExternalStore } from "react";

/** The part of a store that components use. */
export interface Readable<Value> {
  readonly value: Value;
  /** @returns a function that stops calling `listener` */
  subscribe(listener: () => void): () => void;
}

/**
 * A value kept outside of components, which components follow with {@link useStore}. Each change
 * sets a new value; values are never mutated.
 */
export class Store<Value> implements Readable<Value> {
  #value: Value;
  readonly #listeners = new Set<() => void>();

  constructor(initial: Value) {
    this.#value = initial;
  }

  get value(): Value {
    return this.#value;
  }

  /** Sets the value and calls all listeners. */
  set(value: Value): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  // An arrow function, because React calls it without `this`.
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/**
 * A store's value, for rendering.
 *
 * @param select picks the part that the component needs; must return the same for the same value
 * @param onServer the value for server rendering and hydration
 */
export function useStore<Value, Selected>(
  store: Readable<Value>,
  select: (value: Value) => Selected,
  onServer: Selected,
): Selected {
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.value),
    () => onServer,
  );
}
