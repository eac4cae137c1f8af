import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const PATIENCE_MS = 15_000;

/** The folder into which the worker writes mail. */
export class Mailbox {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Waits until there is a mail to the address, and returns the newest. */
  async newestTo(address: string, subject = /.*/): Promise<Mail> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const mails = (await this.all()).filter(
        (mail) => mail.to.includes(address) && subject.test(mail.subject),
      );
      const newest = mails.at(-1);
      if (newest !== undefined) return newest;
      if (Date.now() > deadline) throw new Error('No such mail has come.');
      await pause(25);
    }
  }

  /** Every mail so far, oldest first. */
  async all(): Promise<readonly Mail[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = names.filter((name) => name.endsWith('.eml')).toSorted();
    return Promise.all(files.map(async (name) => parse(await readFile(join(this.#folder, name), 'utf8'))));
  }
}

function parse(source: string): Mail {
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
