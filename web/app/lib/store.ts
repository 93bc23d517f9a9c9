import { useSyncExternalStore } from "react";

/** What components need of a store. */
export interface Readable<Value> {
  readonly value: Value;
  /** @returns a function that stops calling `listener` */
  subscribe(listener: () => void): () => void;
}

/**
 * A value that code outside of components keeps, and that components follow by {@link useStore}.
 * Each change sets a new value; a value is never changed in place.
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

  // A field, because React takes it without its object.
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
 * @param select what the component needs of the value; must return the same for the same value
 * @param onServer what the server renders, which hydration must agree with
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
