const TAG = /(?:W\/)?"[\x21\x23-\x7E\x80-\xFF]*"/g;

/**
 * The entity tags that `If-Match` or `If-None-Match` names (RFC 9110 §8.8.3, §13.1), each as it stands there.
 * @returns `any` for `*`; nothing for a header that is no list of tags, since such a one names none
 */
export function readEntityTags(header: string): 'any' | readonly string[] {
  if (header.trim() === '*') return 'any';
  const isList = /^[\s,]*$/.test(header.replaceAll(TAG, ''));
  return isList ? (header.match(TAG) ?? []) : [];
}

/** RFC 9110 §13.1.2: weak comparison, by which a weak tag equals the strong one. */
export function isNamed(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const named = readEntityTags(header);
  return named === 'any' || named.some((one) => opaque(one) === opaque(tag));
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');
