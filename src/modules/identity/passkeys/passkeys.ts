import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { IndexKeys } from '../../../sealing/index.js';
import { KeptRecords, type RecordRows, StandingRecords } from '../../security-records/index.js';
import { PasskeyEntity } from '../persistence/passkey.entity.js';
import type { PasskeyId } from './passkey-id.js';
import { PASSKEY_RECORD, type PasskeyContent } from './passkey-record.js';

export type PasskeyChange = Partial<Pick<PasskeyContent, 'counter' | 'lastUsedAt' | 'credential'>>;

const ROWS: RecordRows<PasskeyEntity> = {
  called: 'passkeys',
  coversSealed: true,
  table: PASSKEY_RECORD,
  entity: PasskeyEntity,
};

/** The one way to passkeys' rows: what was not last written here is as good as not there. */
@Injectable()
export class Passkeys {
  readonly #records: StandingRecords;
  readonly #keys: IndexKeys;

  constructor(records: StandingRecords, kept: KeptRecords, keys: IndexKeys) {
    this.#records = records;
    kept.add(ROWS);
    this.#keys = keys;
  }

  /** @returns 32 bytes by which a credential is found. @throws Failure `keys_unavailable` */
  async indexOf(credentialId: string): Promise<Buffer> {
    return createHmac('sha256', await this.#keys.key('passkey'))
      .update(`sceau/passkey-credential/v1\n${credentialId}`)
      .digest();
  }

  /**
   * What the authenticator knows an account by: the same for all its passkeys, and no id of ours (WebAuthn §14.6.1).
   * @returns 32 bytes in base64url
   */
  async userHandleOf(accountId: AccountId): Promise<string> {
    return createHmac('sha256', await this.#keys.key('passkey'))
      .update(`sceau/passkey-user/v1\n${accountId}`)
      .digest('base64url');
  }

  /** A row as it stands there, good for nothing before `lock` has looked at it. */
  async glimpse(manager: EntityManager, credentialId: string): Promise<PasskeyEntity | null> {
    return manager
      .getRepository(PasskeyEntity)
      .findOneBy({ credentialIndex: await this.indexOf(credentialId) });
  }

  /** The passkeys of an account that stand, oldest first. */
  async of(
    context: RequestContext,
    manager: EntityManager,
    accountId: AccountId,
  ): Promise<readonly PasskeyEntity[]> {
    const repository = manager.getRepository(PasskeyEntity);
    const rows = await repository.find({
      select: { id: true },
      where: { accountId },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    const standing: PasskeyEntity[] = [];
    for (const { id } of rows) {
      const row = await this.#records.read(context, manager, PASSKEY_RECORD, () =>
        repository.findOneBy({ id, accountId }),
      );
      if (row !== null) standing.push(row);
    }
    return standing;
  }

  /**
   * A passkey under its lock.
   * @returns `null` when there is none, it is another account's, or the row does not stand, which is alerted
   */
  lock(
    context: RequestContext,
    manager: EntityManager,
    own: { readonly id: PasskeyId; readonly accountId: AccountId },
  ): Promise<PasskeyEntity | null> {
    const { id, accountId } = own;
    return this.#records.read(context, manager, PASSKEY_RECORD, () =>
      manager
        .getRepository(PasskeyEntity)
        .findOne({ where: { id, accountId }, lock: { mode: 'pessimistic_write' } }),
    );
  }

  async insert(manager: EntityManager, content: PasskeyContent): Promise<void> {
    const stamp = await this.#records.stamp(manager, PASSKEY_RECORD, content);
    await manager.getRepository(PasskeyEntity).insert({ ...content, ...stamp });
  }

  /** @param passkey as `lock` gave it */
  async change(manager: EntityManager, passkey: PasskeyEntity, change: PasskeyChange): Promise<void> {
    const stamp = await this.#records.stamp(manager, PASSKEY_RECORD, { ...passkey, ...change });
    await manager.getRepository(PasskeyEntity).update({ id: passkey.id }, { ...change, ...stamp });
  }

  /**
   * Removes a passkey for good: its next revision is taken by nothing, so that a copy put back is superseded.
   * @param passkey as `lock` gave it
   */
  async remove(manager: EntityManager, passkey: PasskeyEntity): Promise<void> {
    await this.#records.stamp(manager, PASSKEY_RECORD, passkey);
    await manager.getRepository(PasskeyEntity).delete({ id: passkey.id });
  }
}
