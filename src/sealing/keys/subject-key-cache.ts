import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import type { SubjectId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { Logger } from '../../platform/logging/logger.js';
import type { VersionedKey } from '../format/sealed-field.js';
import { DESTROYED_CHANNEL, type WantedKey } from './key-store.js';

const RECONNECT_MS = 500;

/** The newest version under one entry, each older one under its own. */
const entryOf = ({ subject, version }: WantedKey): string => `${subject}/${version ?? 'newest'}`;

type Load = (missing: readonly WantedKey[]) => Promise<readonly (VersionedKey | undefined)[]>;

/**
 * Unwrapped keys of recent subjects, bounded in number and age: that bound is what code execution in this process
 * yields at most. Listens for destroyed subjects; while it cannot listen, nothing is kept.
 */
@Injectable()
export class SubjectKeyCache implements OnModuleInit, OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #kept: LRUCache<string, VersionedKey> | undefined;
  readonly #loading = new Map<string, Promise<VersionedKey | undefined>>();
  #listener: pg.Client | undefined;
  #reconnect: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: Settings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
    const { cacheSize, cacheSeconds } = settings.keyring;
    if (cacheSize > 0 && cacheSeconds > 0) {
      this.#kept = new LRUCache({ max: cacheSize, ttl: cacheSeconds * 1_000, updateAgeOnGet: false });
    }
  }

  async onModuleInit(): Promise<void> {
    await this.#listen();
  }

  /** Serves what is kept, joins what is being loaded, and loads the rest at once. */
  async fetch(wanted: readonly WantedKey[], load: Load): Promise<readonly (VersionedKey | undefined)[]> {
    const entries = wanted.map(entryOf);
    // Looked at once: an entry may expire between asking whether it is there and taking it.
    const found = new Map(
      entries.map((entry) => [entry, this.#loading.get(entry) ?? this.#kept?.get(entry)]),
    );
    const missing = new Map<string, WantedKey>();
    wanted.forEach((wish, index) => {
      const entry = entries[index];
      if (entry !== undefined && found.get(entry) === undefined) missing.set(entry, wish);
    });
    if (missing.size > 0) this.#begin(missing, load);
    return Promise.all(entries.map(async (entry) => found.get(entry) ?? this.#loading.get(entry)));
  }

  forget(subject: SubjectId | string): void {
    const mine = (entry: string): boolean => entry.startsWith(`${subject}/`);
    for (const entry of [...(this.#kept?.keys() ?? [])].filter(mine)) this.#kept?.delete(entry);
    // A load that began before the destruction must not put its key back.
    for (const entry of [...this.#loading.keys()].filter(mine)) this.#loading.delete(entry);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnect);
    await this.#listener?.end();
  }

  #begin(missing: ReadonlyMap<string, WantedKey>, load: Load): void {
    const entries = [...missing.keys()];
    const all = load([...missing.values()]);
    entries.forEach((entry, index) => {
      const one = all.then((keys) => keys[index]);
      this.#loading.set(entry, one);
      const settle = (key: VersionedKey | undefined): void => {
        if (this.#loading.get(entry) !== one) return;
        this.#loading.delete(entry);
        if (key !== undefined && this.#listener !== undefined) this.#kept?.set(entry, key);
      };
      one.then(settle, () => settle(undefined));
    });
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#settings.database.keystoreUrl,
      application_name: 'sceau-keys-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => this.forget(payload ?? ''));
    client.once('error', () => this.#lost());
    client.once('end', () => this.#lost());
    try {
      await client.connect();
      await client.query(`LISTEN ${DESTROYED_CHANNEL}`);
      this.#listener = client;
    } catch (error) {
      this.#logger.fault('key cache cannot listen', error);
      this.#lost();
    }
  }

  #lost(): void {
    this.#listener = undefined;
    this.#kept?.clear();
    if (this.#closed || this.#reconnect !== undefined) return;
    this.#reconnect = setTimeout(() => {
      this.#reconnect = undefined;
      void this.#listen();
    }, RECONNECT_MS);
    this.#reconnect.unref();
  }
}
