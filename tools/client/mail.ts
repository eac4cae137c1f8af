export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Reads a plain-text mail (RFC 5322), as far as our own look like. */
export function parseMail(source: string): Mail {
  const [head = '', ...body] = source.replaceAll('\r\n', '\n').split('\n\n');
  const header = (name: string): string =>
    decodeWords(
      new RegExp(`^${name}: ((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(head)?.[1]?.replace(/\n[ \t]+/g, ' ') ?? '',
    );
  const encoding = header('content-transfer-encoding').toLowerCase();
  const raw = body.join('\n\n');
  return { to: header('to'), subject: header('subject'), text: decodeBody(raw, encoding) };
}

function decodeBody(raw: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(raw, 'base64').toString();
  if (encoding !== 'quoted-printable') return raw;
  return quotedPrintable(raw.replace(/=\n/g, ''));
}

function quotedPrintable(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

/** RFC 2047 encoded words, as far as nodemailer writes them. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : quotedPrintable(text.replaceAll('_', ' ')),
    );
}
