import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { Logger } from '../../platform/logging/logger.js';
import { IndexKeys } from './index-keys.js';
import { INDEX_KEY_CHANNEL } from './key-store.js';
import { SubjectKeyCache } from './subject-key-cache.js';

/** Told on commit by `keys.destroy_subject()` and by rotation. The payload is the subject's id. */
const SUBJECT_KEY_CHANNEL = 'sceau_subject_key';

const RECONNECT_MS = 500;

/** Hears from the key store which keys have changed, and lets this process forget them. */
@Injectable()
export class KeyChanges implements OnModuleInit, OnApplicationShutdown {
  readonly #url: string;
  readonly #cache: SubjectKeyCache;
  readonly #indexes: IndexKeys;
  readonly #logger: Logger;
  #client: pg.Client | undefined;
  #reconnect: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: Settings, cache: SubjectKeyCache, indexes: IndexKeys, logger: Logger) {
    this.#url = settings.database.keystoreUrl;
    this.#cache = cache;
    this.#indexes = indexes;
    this.#logger = logger;
  }

  async onModuleInit(): Promise<void> {
    await this.#listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnect);
    await this.#client?.end();
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'sceau-keys-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === INDEX_KEY_CHANNEL) this.#forgetDeletedIndexKeys();
      else this.#cache.forget(payload);
    });
    client.on('error', () => this.#lost());
    client.once('end', () => this.#lost());
    try {
      await client.connect();
      await client.query(`LISTEN ${SUBJECT_KEY_CHANNEL}; LISTEN ${INDEX_KEY_CHANNEL}`);
      this.#client = client;
      // What was deleted before this is not told any more.
      this.#forgetDeletedIndexKeys();
      this.#cache.hears();
    } catch (error) {
      this.#logger.fault('key cache cannot listen', error);
      this.#lost();
    }
  }

  #forgetDeletedIndexKeys(): void {
    this.#indexes.forgetDeleted().catch((error: unknown) => {
      this.#logger.fault('deleted index keys could not be looked up', error);
    });
  }

  #lost(): void {
    this.#client = undefined;
    this.#cache.hearsNothing();
    if (this.#closed || this.#reconnect !== undefined) return;
    this.#reconnect = setTimeout(() => {
      this.#reconnect = undefined;
      void this.#listen();
    }, RECONNECT_MS);
    this.#reconnect.unref();
  }
}
