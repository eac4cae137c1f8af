import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Id } from '../../../kernel/ids.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';
import { UndeliverableMail } from './undeliverable-mail.js';

/** `accepted`: a mail server has taken it; `refused`: none ever will, or none has in time. */
export type MailFate = 'accepted' | 'refused';

/** Whoever keeps a note of what became of a mail. */
export interface MailFollower {
  /** In the transaction that forgets the mail: once each, whatever is killed when. */
  ended(manager: EntityManager, mail: Id<'mail'>, fate: MailFate): Promise<void>;
}

/** The end of every mail: it leaves the outbox, and whoever follows it is told what became of it. */
@Injectable()
export class MailFates {
  readonly #undeliverable: UndeliverableMail;
  readonly #followers: MailFollower[] = [];

  constructor(undeliverable: UndeliverableMail) {
    this.#undeliverable = undeliverable;
  }

  follow(follower: MailFollower): void {
    this.#followers.push(follower);
  }

  /** Of several who come to the end of the same mail, the first says what it was. */
  async end(manager: EntityManager, id: Id<'mail'>, fate: MailFate): Promise<void> {
    const { affected } = await manager.getRepository(OutgoingMailEntity).delete({ id });
    if (affected !== 1) return;
    for (const follower of this.#followers) await follower.ended(manager, id, fate);
    // Last: everybody who gives up a mail waits for this row.
    if (fate === 'refused') await this.#undeliverable.add(manager);
  }
}
