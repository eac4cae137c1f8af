import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { Ledger } from '../../../ledger/index.js';
import { ownContext } from '../../../kernel/own-context.js';
import { Database } from '../../../platform/database/database.js';

const HOUR_MS = 3_600_000;

/**
 * How many mails were given up. Operators are told by one entry an hour at most, of however many there are: whoever
 * signs up with wrong addresses would else send them as many alerts as they like.
 */
@Injectable()
export class UndeliverableMail {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** One more, in the transaction that forgets it. */
  async add(manager: EntityManager): Promise<void> {
    await manager.query(
      `INSERT INTO platform.undeliverable_mail (count) VALUES (1)
       ON CONFLICT (one) DO UPDATE SET count = platform.undeliverable_mail.count + 1`,
    );
  }

  /** The entry of those since the last one, if an hour has passed. May be repeated. @throws Failure `ledger_unavailable` */
  async tell(): Promise<void> {
    const now = this.#clock.now();
    await this.#database.run({ kind: 'system' }, async (manager) => {
      // A time that is to come was written by somebody else.
      const rows: { count: number }[] = await manager.query(
        `SELECT count FROM platform.undeliverable_mail
         WHERE count > 0 AND (told_at IS NULL OR told_at <= $1 OR told_at > $2) FOR UPDATE`,
        [new Date(now.getTime() - HOUR_MS), now],
      );
      const [due] = rows;
      if (due === undefined) return;
      await manager.query('UPDATE platform.undeliverable_mail SET count = 0, told_at = $1', [now]);
      const context = ownContext('identity.mail', now);
      await this.#ledger.stage(manager, { action: 'mail.undeliverable', context, count: due.count });
    });
  }
}
