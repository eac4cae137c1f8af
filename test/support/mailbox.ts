import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Mail, parseMail } from '../../tools/client/mail.ts';

export type { Mail };

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
    return Promise.all(
      files.map(async (name) => parseMail(await readFile(join(this.#folder, name), 'utf8'))),
    );
  }
}
