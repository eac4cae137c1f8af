declare const content: unique symbol;

/**
 * A sealed value: opaque bytes that say at the type level what is inside. Entities hold these and nothing else
 * of a person, so a clear value can neither be stored nor selected, logged or serialised by accident.
 */
export type Sealed<T> = Buffer & { readonly [content]: T };

/** The one place where bytes become a sealed value. */
export function asSealed<T>(bytes: Buffer): Sealed<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand exists in the type system only
  return bytes as Sealed<T>;
}
