/**
 * Bytes from PostgreSQL's `encode(…, 'escape')`: ASCII as it is, a backslash doubled, zero and what is above ASCII as a
 * backslash and three octal digits.
 */
export function fromEscaped(text: string): Buffer {
  const plain = text.includes('\\') ? text.replaceAll(/\\(\\|[0-3][0-7]{2})/g, unescape) : text;
  return Buffer.from(plain, 'latin1');
}

const unescape = (_: string, what: string): string =>
  what === '\\' ? what : String.fromCodePoint(Number.parseInt(what, 8));
