import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { Id } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { JOBS_SCHEMA } from '../../../platform/jobs/queues.js';
import { Rounds } from '../../../platform/jobs/rounds.js';
import { Logger } from '../../../platform/logging/logger.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';
import { MailFates } from './mail-fates.js';
import { UndeliverableMail } from './undeliverable-mail.js';

/** A mail and its job are written together: what is older and has none has lost it. */
const LOST_MS = 5 * 60_000;
/** What no server has taken by then is given up. */
const TRIED_MS = 3 * 24 * 3_600_000;
/** Of one sweep; the next one takes the others. */
const AT_ONCE = 500;

/** Looks after mails that nobody would send: their job was given up or deleted, or they are too old. */
@Injectable()
export class OutboxSweep {
  readonly #database: Database;
  readonly #fates: MailFates;
  readonly #undeliverable: UndeliverableMail;
  readonly #jobs: Jobs;
  readonly #rounds: Rounds;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    database: Database,
    fates: MailFates,
    undeliverable: UndeliverableMail,
    jobs: Jobs,
    rounds: Rounds,
    clock: Clock,
    logger: Logger,
  ) {
    this.#database = database;
    this.#fates = fates;
    this.#undeliverable = undeliverable;
    this.#jobs = jobs;
    this.#rounds = rounds;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    await this.#rounds.every('mail_sweep', () => this.run());
  }

  /** May be repeated, and done by several at once. @throws Failure `ledger_unavailable` */
  async run(): Promise<void> {
    await this.#giveUp();
    await this.#giveJobs();
    await this.#undeliverable.tell();
  }

  async #giveUp(): Promise<void> {
    const before = new Date(this.#clock.now().getTime() - TRIED_MS);
    const old = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(OutgoingMailEntity).find({
        select: { id: true },
        where: { createdAt: LessThan(before) },
        order: { createdAt: 'ASC' },
        take: AT_ONCE,
      }),
    );
    for (const { id } of old) {
      this.#logger.warn('mail given up', { mail: id, reason: 'time' });
      await this.#database.run({ kind: 'system' }, (manager) => this.#fates.end(manager, id, 'refused'));
    }
  }

  /** One to each that has none, and a second to none. */
  async #giveJobs(): Promise<void> {
    const before = new Date(this.#clock.now().getTime() - LOST_MS);
    const lost = await this.#database.run({ kind: 'system' }, async (manager) => {
      // Of two sweeps the second sees the jobs of the first.
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('identity.outbox_sweep', 0))`);
      const mails: { id: Id<'mail'> }[] = await manager.query(
        `SELECT id FROM platform.outgoing_mail AS mail WHERE created_at < $1 AND NOT EXISTS (
           SELECT FROM ${JOBS_SCHEMA}.job
           WHERE name = 'mail' AND state < 'completed' AND data->>'mailId' = mail.id::text)
         ORDER BY created_at LIMIT $2`,
        [before, AT_ONCE],
      );
      for (const { id } of mails) await this.#jobs.send('mail', { mailId: id }, manager);
      return mails.length;
    });
    if (lost > 0) this.#logger.warn('mails had lost their job', { count: lost });
  }
}
