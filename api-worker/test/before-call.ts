/**
 * Lets something happen between the moment that the worker makes its first call of a method of a
 * Durable Object and the moment that the call arrives.
 *
 * @returns the binding to use instead of `real`
 */
export function beforeCall<Binding extends object>(
  real: Binding,
  method: string,
  act: () => Promise<unknown>,
): Binding {
  let isDone = false;
  const wrap = (stub: Record<string, (...call: unknown[]) => unknown>) =>
    new Proxy(stub, {
      get:
        (of, name: string) =>
        async (...call: unknown[]) => {
          if (name === method && !isDone) {
            isDone = true;
            await act();
          }
          return of[name]?.(...call);
        },
    });
  return new Proxy(real, {
    get(target, name) {
      const own = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      const bound = own.bind(target);
      return name === "get" ? (...call: unknown[]) => wrap(bound(...call)) : bound;
    },
  });
}
