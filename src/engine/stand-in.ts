/**
 * Stands for an object of verbs that comes with the call, so that the verbs are there before it.
 * @param run does what the verb says to the object when that is there, or rejects.
 */
export const standIn = <T extends object>(run: <R>(verb: (part: T) => Promise<R>) => Promise<R>): T =>
  new Proxy({} as T, {
    get: (_, name) =>
      // Whoever awaits the object must not take it for a promise.
      name === 'then'
        ? undefined
        : (...args: unknown[]) =>
            run((part) =>
              (part as Record<PropertyKey, (...all: unknown[]) => Promise<never>>)[name]!(...args),
            ),
  });
