import canonicalize from 'canonicalize';

/**
 * The bytes that are hashed, stored and never written anew: RFC 8785 JSON of strings, whole numbers, booleans, arrays
 * and objects. A member that is `undefined` is left out.
 * @throws TypeError for `null`, fractions and whatever else JSON writes differently from place to place
 */
export function canonicalBytes(value: object): Buffer {
  requirePlain(value);
  return Buffer.from(canonicalize(value) ?? '', 'utf8');
}

function requirePlain(value: unknown): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return;
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return;
      break;
    case 'object':
      if (value === null) break;
      for (const member of Object.values(value)) requirePlain(member);
      return;
    default:
  }
  throw new TypeError('The ledger holds strings, whole numbers, booleans, arrays and objects only.');
}
