import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { type MailSettings, Settings } from '../config/settings.js';
import { Logger } from '../logging/logger.js';
import { envelopeOf, MailRefused, messageIdOf } from './mail-rules.js';
import { isRecipientRefused } from './smtp-reply.js';

export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Of a mail that may be sent again: it has the same Message-ID each time. */
  readonly id?: string;
}

/** A server that says nothing for so long, in milliseconds, counts as unreachable; the job is done again later. */
const PATIENCE = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
  dnsTimeout: 10_000,
};

/** No mail is ever put together of what lies elsewhere. */
const SEALED_OFF = { disableFileAccess: true, disableUrlAccess: true };

/** Sends plain-text mail by SMTP or, where no server is configured, writes it to a folder as `.eml` (RFC 5322). */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #from: string;
  readonly #transport: Transporter | undefined;
  readonly #deliver: (message: MailMessage) => Promise<void>;

  constructor({ mail }: Settings, clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
    this.#from = mail.from;
    this.#transport = mail.mode === 'smtp' ? smtpTransport(mail) : undefined;
    this.#deliver = mail.mode === 'smtp' ? this.#bySmtp() : this.#intoFolder(mail.folder);
  }

  /**
   * Resolves once the server has accepted the mail or the file is in place; rejects otherwise.
   * @throws MailRefused when no other attempt can do better: the server wants no such recipient, or the mail has an
   * address or subject with which it would become another mail
   */
  async send(message: MailMessage): Promise<void> {
    await this.#deliver(message);
  }

  onApplicationShutdown(): void {
    this.#transport?.close();
  }

  #bySmtp(): (message: MailMessage) => Promise<void> {
    const transport = this.#transport;
    return async (message) => {
      const written = this.#written(message);
      try {
        await transport?.sendMail(written);
      } catch (error) {
        if (isRecipientRefused(error)) throw new MailRefused('recipient');
        throw error;
      }
    };
  }

  /** @throws MailRefused */
  #written({ id, ...message }: MailMessage): SendMailOptions {
    const envelope = envelopeOf(message, this.#from);
    const named = id === undefined ? {} : { messageId: messageIdOf(id, envelope.from) };
    return { ...message, ...named, from: this.#from, envelope, ...SEALED_OFF };
  }

  #intoFolder(folder: string): (message: MailMessage) => Promise<void> {
    const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
    return async (message) => {
      const now = this.#clock.now();
      const sent = await transport.sendMail({
        ...this.#written(message),
        date: now,
        textEncoding: 'quoted-printable',
      });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = newId<'mail'>(now.getTime());
      const path = join(folder, `${name}.eml`);
      // A reader of the folder never meets half a mail.
      await writeFile(join(folder, `.${name}`), sent.message, { mode: 0o600 });
      await rename(join(folder, `.${name}`), path);
      this.#logger.info('mail written', { path });
    };
  }
}

/** Certificates are checked and TLS is 1.2 or later, whatever the server would like. */
function smtpTransport({
  url,
  requireTls,
  authorities,
}: Extract<MailSettings, { mode: 'smtp' }>): Transporter {
  const ca = authorities === undefined ? {} : { ca: readFileSync(authorities) };
  return createTransport({
    url,
    requireTLS: requireTls,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...ca },
    ...PATIENCE,
  });
}
