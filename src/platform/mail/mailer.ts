import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { Settings } from '../config/settings.js';

export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends plain-text mail by SMTP or, where no server is configured, writes it to a folder as `.eml` (RFC 5322). */
@Injectable()
export class Mailer {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #deliver: (message: MailMessage) => Promise<void>;

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#deliver =
      settings.mail.mode === 'smtp'
        ? this.#bySmtp(settings.mail.url)
        : this.#intoFolder(settings.mail.folder);
  }

  /** Resolves once the server has accepted the mail or the file is in place; rejects otherwise. */
  send(message: MailMessage): Promise<void> {
    return this.#deliver(message);
  }

  #bySmtp(url: string): (message: MailMessage) => Promise<void> {
    const transport = createTransport(url);
    return async (message) => {
      await transport.sendMail({
        ...message,
        from: this.#settings.mail.from,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    };
  }

  #intoFolder(folder: string): (message: MailMessage) => Promise<void> {
    const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
    return async (message) => {
      const now = this.#clock.now();
      const sent = await transport.sendMail({
        ...message,
        from: this.#settings.mail.from,
        date: now,
        textEncoding: 'quoted-printable',
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = newId<'mail'>(now.getTime());
      // A reader of the folder never meets half a mail.
      await writeFile(join(folder, `.${name}`), sent.message, { mode: 0o600 });
      await rename(join(folder, `.${name}`), join(folder, `${name}.eml`));
    };
  }
}
