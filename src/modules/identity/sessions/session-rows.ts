import { Injectable } from '@nestjs/common';
import { type EntityManager, type FindOptionsWhere, Not } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import type { AccountId, SessionId } from '../../../kernel/ids.js';
import { type RecordRefusal, RowMacs } from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import { Accounts } from '../accounts/accounts.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { SessionEntity } from '../persistence/session.entity.js';
import { TicketEntity } from '../persistence/ticket.entity.js';
import { isCurrent } from './session-floors.js';
import { sessionRecord } from './session-record.js';

type Content = Omit<SessionEntity, 'mac'>;

/** A session that counts, and whose it is. */
export interface Standing {
  readonly session: SessionEntity;
  readonly account: AccountEntity;
}

/** The one way to sessions' rows: what was not written here, or is over by its account's record, is as good as not there. */
@Injectable()
export class SessionRows {
  readonly #macs: RowMacs;
  readonly #accounts: Accounts;
  readonly #records: StandingRecords;

  constructor(macs: RowMacs, accounts: Accounts, records: StandingRecords) {
    this.#macs = macs;
    this.#accounts = accounts;
    this.#records = records;
  }

  /** @returns `undefined` also for a row that does not count, which is alerted unless it has just gone */
  async find(
    context: RequestContext,
    manager: EntityManager,
    where: FindOptionsWhere<SessionEntity>,
  ): Promise<Standing | undefined> {
    const session = await manager.getRepository(SessionEntity).findOneBy(where);
    if (session === null) return undefined;
    if (!(await this.#isGenuine(session))) return this.#refuse(context, session, 'forged');
    const account = await this.#accounts.find(context, manager, { id: session.accountId, status: 'active' });
    // Without an authenticator nobody is in, whatever a table may let stand.
    if (account?.totpSecret == null) return undefined;
    if (isCurrent(account, session)) return { session, account };
    // Ended between the two readings, by somebody whose right it was: then it is not there any more.
    const again = await manager.getRepository(SessionEntity).findOneBy({ id: session.id });
    return again?.revision === session.revision && again.credentialEpoch === session.credentialEpoch
      ? this.#refuse(context, session, 'superseded')
      : undefined;
  }

  /** Those of an account that count. */
  async of(manager: EntityManager, account: AccountEntity): Promise<readonly SessionEntity[]> {
    const rows = await manager
      .getRepository(SessionEntity)
      .find({ where: { accountId: account.id }, order: { createdAt: 'DESC' } });
    const genuine = await Promise.all(rows.map((row) => this.#isGenuine(row)));
    return rows.filter((row, at) => genuine[at] === true && isCurrent(account, row));
  }

  /** Inserts a session of an account whose lock the transaction holds, so that nothing ends it unseen. */
  async insert(manager: EntityManager, content: Content): Promise<void> {
    await manager.getRepository(SessionEntity).insert({ ...content, mac: await this.#macOf(content) });
  }

  /** Writes one over the row with its id, on condition that nobody has changed that. @returns whether it was done */
  async replace(manager: EntityManager, old: SessionEntity, content: Content): Promise<boolean> {
    const { id, revision, tokenHash } = old;
    const { affected } = await manager
      .getRepository(SessionEntity)
      .update({ id, revision, tokenHash }, { ...content, mac: await this.#macOf(content) });
    return affected === 1;
  }

  async delete(manager: EntityManager, accountId: AccountId, id: SessionId): Promise<void> {
    await manager.getRepository(SessionEntity).delete({ accountId, id });
  }

  /** Deletes those of earlier epochs, and the tickets of them. @returns how many sessions there were */
  async deleteOld(manager: EntityManager, { id, credentialEpoch }: AccountEntity): Promise<number> {
    const old = { accountId: id, credentialEpoch: Not(credentialEpoch) };
    await manager.getRepository(TicketEntity).delete(old);
    return (await manager.getRepository(SessionEntity).delete(old)).affected ?? 0;
  }

  #isGenuine(session: SessionEntity): Promise<boolean> {
    return this.#macs.isGenuine(sessionRecord(session), session.mac);
  }

  #macOf(content: Content): Promise<Buffer> {
    return this.#macs.mac(sessionRecord(content));
  }

  async #refuse(context: RequestContext, { id }: SessionEntity, reason: RecordRefusal): Promise<undefined> {
    await this.#records.refuse(context, 'identity_session', id, reason);
    return undefined;
  }
}
