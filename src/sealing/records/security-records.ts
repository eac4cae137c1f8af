import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IndexKeys } from '../keys/index-keys.js';
import { isRecordMac, recordMac, type SecurityRecord } from './record-mac.js';
import { type KnownRevision, type RecordName, RecordRevisions } from './record-revisions.js';
import { currentTransaction, isCurrentTransaction, transactionOutcome } from './transaction-outcome.js';

/**
 * The revision of a row that the key store has never heard of: its MAC alone says that we have written it. It stands
 * until the key store knows of another one. Only kinds that are written so have rows with it.
 */
export const UNNOTED = 0;

/** A record as it was read. */
export interface StoredRecord extends SecurityRecord {
  readonly mac: Buffer;
}

/**
 * `forged`: not written by us, or not for this row. `superseded`: written by us once, but not the present revision.
 * `undecided`: whether it is the present one can no longer be found out.
 */
export type RecordRefusal = 'forged' | 'superseded' | 'undecided';

/** What the key store was asked of a record. */
export interface AskedRevision {
  readonly record: RecordName;
  readonly known: Promise<KnownRevision | undefined>;
}

/** What makes a row the present one. */
export interface Stamp {
  readonly revision: number;
  readonly mac: Buffer;
  /** To be called once the row is committed, so that from then on no earlier one stands. */
  readonly settle: () => Promise<void>;
}

/**
 * Makes rows that decide who gets in count only as they were last written. The row has a MAC over all of itself; its
 * revision stands in the key store too, so that a whole old row put back is told from the present one. Row and
 * revision are two stores without a common commit, so a change notes in the key store which transaction is to bring
 * which revision, and whoever finds such a note asks the row's database how that transaction ended.
 */
@Injectable()
export class SecurityRecords {
  readonly #revisions: RecordRevisions;
  readonly #keys: IndexKeys;

  constructor(revisions: RecordRevisions, keys: IndexKeys) {
    this.#revisions = revisions;
    this.#keys = keys;
  }

  /**
   * Begins a change of a record in the transaction that will write it. The caller holds the row's lock, or is
   * inserting it, and has changes at the top level of the transaction only.
   * @returns what the written row must carry
   * @throws Failure `keys_unavailable`, upon which the transaction must fail
   */
  async stamp(manager: EntityManager, record: Omit<SecurityRecord, 'revision'>): Promise<Stamp> {
    const key = await this.#keys.key('record-mac');
    const revision = await this.#revisions.begin(record, await currentTransaction(manager));
    return {
      revision,
      mac: recordMac(key, { ...record, revision }),
      settle: () => this.#revisions.settle(record, revision),
    };
  }

  /**
   * @returns why a record does not stand, or `undefined` when it does. `superseded` may also mean that it was changed
   * after it was read: whoever holds no lock looks again.
   * @throws Failure `keys_unavailable`
   */
  async refusal(manager: EntityManager, record: StoredRecord): Promise<RecordRefusal | undefined> {
    if (!isRecordMac(await this.#keys.key('record-mac'), record, record.mac)) return 'forged';
    const known = await this.#revisions.find(record);
    if (known === undefined) return record.revision === UNNOTED ? undefined : 'forged';
    const present = await this.#present(manager, record, known);
    if (present === undefined) return 'undecided';
    return present === record.revision ? undefined : 'superseded';
  }

  /**
   * Whether a record stands, where that can be told without asking its database: it is the present revision and no
   * change of it is under way. One that does not may stand all the same: that is for `refusal` to say.
   * @param asked begun no earlier than whatever the answer is for; that of another record is not looked at
   * @throws Failure `keys_unavailable`
   */
  async isSettled(record: StoredRecord, asked?: AskedRevision): Promise<boolean> {
    if (!isRecordMac(await this.#keys.key('record-mac'), record, record.mac)) return false;
    const isOfThis = asked?.record.kind === record.kind && asked.record.id === record.id;
    const known = await (isOfThis ? asked.known : this.#revisions.find(record));
    if (known === undefined) return record.revision === UNNOTED;
    return known.transaction === null && known.settled === record.revision;
  }

  /**
   * Asks for a record's revision while its row is still being read, which saves waiting for one after the other. A row
   * that was changed between the two is not settled, whichever of them came first.
   */
  ask({ kind, id }: RecordName): AskedRevision {
    const known = this.#revisions.find({ kind, id });
    // For whoever waits for it, if anybody does.
    known.catch(() => undefined);
    return { record: { kind, id }, known };
  }

  /** The revision that stands now, once the outcome of a change under way is noted. */
  async #present(
    manager: EntityManager,
    record: RecordName,
    { settled, begun, transaction }: KnownRevision,
  ): Promise<number | undefined> {
    if (transaction === null) return settled;
    const outcome = await transactionOutcome(manager, transaction);
    switch (outcome) {
      case 'committed':
        await this.#revisions.settle(record, begun);
        return begun;
      case 'aborted':
        await this.#revisions.abandon(record, transaction);
        return settled;
      case 'in progress':
        // To the transaction that brings it, which may change a record more than once, it is there already.
        return (await isCurrentTransaction(manager, transaction)) ? begun : settled;
      case 'unknown':
        return undefined;
    }
  }
}
