/** Twice as long as it takes until the last process has read it: nothing is signed with what another does not publish. */
const PUBLISHED_BEFORE_MS = 120_000;

/**
 * Sorts keys as the server uses them: the newest that is published everywhere signs, then come the others of those,
 * newest first. Keys that are newer follow in the order in which they will be known.
 */
export function signingOrder<Key extends { readonly createdAt: Date }>(
  keys: readonly Key[],
  now: Date,
): readonly Key[] {
  const oldestFirst = keys.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const isPublished = ({ createdAt }: Key): boolean =>
    now.getTime() - createdAt.getTime() >= PUBLISHED_BEFORE_MS;
  return [...oldestFirst.filter(isPublished).toReversed(), ...oldestFirst.filter((key) => !isPublished(key))];
}
