/**
 * Reads JSON that this product has written itself, in a place where nobody else could have changed it unnoticed
 * (a sealed value, a file of its own). Anything that came from outside is validated instead.
 */
export function parseOwn<T>(text: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the writer is the same code
  return JSON.parse(text) as T;
}
