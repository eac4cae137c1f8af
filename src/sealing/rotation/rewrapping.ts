import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { KeyProvider } from '../providers/key-provider.js';
import { KeyJournal } from './key-journal.js';
import { MasterStore } from './master-store.js';
import type { Report } from './progress.js';
import { RotationPool } from './rotation-pool.js';
import { type Replacement, type RewrapPosition, RewrapStore, type StoredWrap } from './rewrap-store.js';

/** Keys per call of the provider, and per transaction. */
const BATCH = 500;

export interface Rewrapping {
  /** Keys that are under the current version now and were not before, over all runs since the last complete one. */
  readonly rewrapped: number;
  /** Keys that no longer unwrap: damaged, or wrapped by a version that is gone. They stay as they are. */
  readonly damaged: number;
}

interface Pass {
  readonly position: RewrapPosition;
  readonly damaged: number;
}

/** Wraps every key again under the current version of the master key, while everything goes on being served. */
@Injectable()
export class KeyRewrapping {
  readonly #pool: RotationPool;
  readonly #provider: KeyProvider;
  readonly #masters: MasterStore;
  readonly #store: RewrapStore;
  readonly #journal: KeyJournal;
  readonly #clock: Clock;

  constructor(
    pool: RotationPool,
    provider: KeyProvider,
    masters: MasterStore,
    store: RewrapStore,
    journal: KeyJournal,
    clock: Clock,
  ) {
    this.#pool = pool;
    this.#provider = provider;
    this.#masters = masters;
    this.#store = store;
    this.#journal = journal;
    this.#clock = clock;
  }

  /**
   * Goes on where an earlier run was killed; with nothing left to do it changes nothing and records nothing.
   * @throws Failure `conflict` while another rotation is at work, `keys_unavailable`, `ledger_unavailable`
   */
  run(context: RequestContext, report: Report): Promise<Rewrapping> {
    return this.#pool.exclusively(async () => {
      const { current, usable } = await this.#provider.versions();
      const now = this.#clock.now();
      await this.#masters.noteSuperseded(
        usable.filter((version) => version !== current),
        now,
      );
      let position = await this.#store.begin(current, now);
      const total = position.done + (await this.#store.left(current));
      report(position.done, total);

      const indexKeys = await this.#rewrapIndexKeys(current, position);
      ({ position } = indexKeys);
      const reportDone = (done: number): void => report(done, total);
      ({ position } = await this.#pass(current, position, reportDone));
      const { damaged, ...complete } = await this.#untilNoneIsLeft(current, position, reportDone);
      ({ position } = complete);
      if (position.done > 0) {
        const event = {
          action: 'key.rewrapped',
          resource: `master:${current}`,
          count: position.done,
        } as const;
        await this.#journal.record(context, event);
      }
      await this.#store.end();
      return { rewrapped: position.done, damaged: indexKeys.damaged + damaged };
    });
  }

  async #rewrapIndexKeys(target: number, from: RewrapPosition): Promise<Pass> {
    const keys = await this.#store.indexKeys(target);
    const replacements = await this.#wrapAgain(keys);
    const position = await this.#store.replace('index-key', replacements, from, this.#clock.now());
    return { position, damaged: keys.length - replacements.length };
  }

  /** A process that was late may have stored a key behind the run: looks again until a whole pass finds none. */
  async #untilNoneIsLeft(
    target: number,
    from: RewrapPosition,
    report: (done: number) => void,
  ): Promise<Pass> {
    let { done } = from;
    for (;;) {
      const pass = await this.#pass(target, this.#store.beginning(done), report);
      if (pass.position.done === done) return pass;
      ({ done } = pass.position);
    }
  }

  /** From a position to the last subject key. */
  async #pass(target: number, from: RewrapPosition, report: (done: number) => void): Promise<Pass> {
    let position = from;
    let damaged = 0;
    for (;;) {
      const batch = await this.#store.nextSubjectKeys(target, position, BATCH);
      const last = batch.at(-1);
      if (last === undefined) return { position, damaged };
      const replacements = await this.#wrapAgain(batch);
      damaged += batch.length - replacements.length;
      const after = { ...position, subject: last.context.owner, version: last.context.version };
      position = await this.#store.replace('subject-key', replacements, after, this.#clock.now());
      report(position.done);
    }
  }

  async #wrapAgain(keys: readonly StoredWrap[]): Promise<readonly Replacement[]> {
    if (keys.length === 0) return [];
    const results = await this.#provider.rewrapMany(keys);
    return keys.flatMap((before, index): Replacement[] => {
      const result = results[index];
      return result?.ok === true ? [{ before, after: result.wrapped }] : [];
    });
  }
}
