import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Id } from '../../../kernel/ids.js';
import { RowMacs } from '../../../sealing/index.js';
import { type MailFate, MailFates, type MailFollower } from '../../identity/index.js';
import { NoticeEntity } from '../persistence/notice.entity.js';
import { noticeRecord } from './notice-record.js';

/** Notes whom the letters about incidents have reached. */
@Injectable()
export class LetterFates implements MailFollower, OnModuleInit {
  readonly #fates: MailFates;
  readonly #macs: RowMacs;

  constructor(fates: MailFates, macs: RowMacs) {
    this.#fates = fates;
    this.#macs = macs;
  }

  onModuleInit(): void {
    this.#fates.follow(this);
  }

  async ended(manager: EntityManager, mailId: Id<'mail'>, fate: MailFate): Promise<void> {
    const notices = manager.getRepository(NoticeEntity);
    const notice = await notices.findOne({ where: { mailId }, lock: { mode: 'pessimistic_write' } });
    // A mail about something else; or a row that nobody of ours has written, which must not become one of ours.
    if (notice === null || !(await this.#macs.isGenuine(noticeRecord(notice), notice.mac))) return;
    const isReached = fate === 'accepted';
    const mac = await this.#macs.mac(noticeRecord({ ...notice, isReached }));
    await notices.update({ id: notice.id }, { isReached, mac });
  }
}
