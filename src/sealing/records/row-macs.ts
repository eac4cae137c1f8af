import { Injectable } from '@nestjs/common';
import { IndexKeys } from '../keys/index-keys.js';
import { isRecordMac, recordMac, type SecurityRecord } from './record-mac.js';

/**
 * MACs of rows that come and go with a security record (sessions and tickets with their account) and have no revision
 * in the key store: which of them still count is said by that record.
 */
@Injectable()
export class RowMacs {
  readonly #keys: IndexKeys;

  constructor(keys: IndexKeys) {
    this.#keys = keys;
  }

  /** @throws Failure `keys_unavailable` */
  async mac(record: SecurityRecord): Promise<Buffer> {
    return recordMac(await this.#keys.key('record-mac'), record);
  }

  /** Whether we have written the row. @throws Failure `keys_unavailable` */
  async isGenuine(record: SecurityRecord, mac: Buffer): Promise<boolean> {
    return isRecordMac(await this.#keys.key('record-mac'), record, mac);
  }
}
