import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { readIndexState } from '../blind-index.js';
import type { IndexState } from '../blind-index-phase.js';
import { KeyStore } from '../keys/key-store.js';
import { KeyProvider } from '../providers/key-provider.js';
import { MasterRotation } from './master-rotation.js';
import { MasterStore } from './master-store.js';
import { RewrapStore } from './rewrap-store.js';
import { SubjectRotationStore } from './subject-rotation-store.js';

export interface MasterVersionStatus {
  readonly version: number;
  readonly state: 'current' | 'superseded' | 'retired';
  /** How many keys it wraps. */
  readonly keys: number;
  /** From when on it may be destroyed; `undefined` for one that wraps something or is destroyed. */
  readonly retirableFrom: Date | undefined;
}

export interface KeyStatus {
  /** The index that addresses are found by. */
  readonly index: IndexState & {
    /** A run was killed before it had deleted the key that it left. */
    readonly isOldKeyThere: boolean;
  };
  /** Ids of subjects whose key is being renewed, or whose rotation was killed. */
  readonly subjects: readonly string[];
  readonly provider: KeyProvider['name'];
  readonly versions: readonly MasterVersionStatus[];
  /** A run of rewrapping that is at work or was killed. */
  readonly rewrapping: { readonly target: number; readonly done: number; readonly left: number } | undefined;
}

/** What an operator wants to know before rotating anything. */
@Injectable()
export class KeyStatusReader {
  readonly #provider: KeyProvider;
  readonly #masters: MasterStore;
  readonly #rewraps: RewrapStore;
  readonly #rotation: MasterRotation;
  readonly #subjects: SubjectRotationStore;
  readonly #database: Database;
  readonly #store: KeyStore;

  constructor(
    provider: KeyProvider,
    masters: MasterStore,
    rewraps: RewrapStore,
    rotation: MasterRotation,
    subjects: SubjectRotationStore,
    database: Database,
    store: KeyStore,
  ) {
    this.#provider = provider;
    this.#masters = masters;
    this.#rewraps = rewraps;
    this.#rotation = rotation;
    this.#subjects = subjects;
    this.#database = database;
    this.#store = store;
  }

  /** @throws Failure `keys_unavailable` */
  async read(): Promise<KeyStatus> {
    const { current, usable } = await this.#provider.versions();
    const superseded = new Map((await this.#masters.superseded()).map((entry) => [entry.version, entry]));
    const wrapped = await this.#masters.wrappedKeys();
    const known = [...new Set([...usable, ...superseded.keys(), ...wrapped.keys()])].toSorted(
      (a, b) => a - b,
    );
    const run = await this.#rewraps.progress();
    const index = await this.#database.run({ kind: 'system' }, readIndexState);
    const indexKeys = (await this.#store.indexKeys()).filter(({ owner }) => owner === 'email');
    return {
      provider: this.#provider.name,
      versions: known.map((version): MasterVersionStatus => {
        const keys = wrapped.get(version) ?? 0;
        const entry = superseded.get(version);
        if (version === current) return { version, state: 'current', keys, retirableFrom: undefined };
        if (!usable.includes(version)) return { version, state: 'retired', keys, retirableFrom: undefined };
        const retirableFrom =
          keys > 0 || entry === undefined ? undefined : this.#rotation.retirableFrom(entry);
        return { version, state: 'superseded', keys, retirableFrom };
      }),
      index: {
        ...index,
        isOldKeyThere: index.next === null && indexKeys.some(({ version }) => version < index.version),
      },
      subjects: await this.#subjects.underWay(),
      rewrapping: run && { ...run, left: await this.#rewraps.left(run.target) },
    };
  }
}
