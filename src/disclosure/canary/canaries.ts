import { Injectable } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { type CandidateId, type Id, newId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { IndexKeys } from '../../sealing/index.js';
import type { Dossier } from '../dossier.js';
import { about } from '../touched.js';
import type { AgencyPurpose } from '../release-policy.js';
import { isMarked, type MarkedKind } from './canary-mark.js';

type Named = Pick<Dossier, 'candidate' | 'application'>;

/** Candidates whom nobody is and nobody should read. No row says who they are: it follows from their ids and a key. */
@Injectable()
export class Canaries {
  readonly #keys: IndexKeys;
  readonly #ledger: Ledger;

  constructor(keys: IndexKeys, ledger: Ledger) {
    this.#keys = keys;
    this.#ledger = ledger;
  }

  /** @throws Failure `keys_unavailable` */
  async among<T extends Named>(dossiers: readonly T[]): Promise<readonly T[]> {
    const key = await this.#keys.key('canary');
    return dossiers.filter(
      ({ candidate, application }) =>
        application !== undefined &&
        isMarked(key, 'candidate', candidate) &&
        isMarked(key, 'application', application),
    );
  }

  /**
   * Alerts that some of these are asked for. Whoever asks gets what they would get of anybody else.
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  async watch(
    context: RequestContext<AgencyActor>,
    purpose: AgencyPurpose,
    dossiers: readonly Named[],
  ): Promise<void> {
    const asked = await this.among(dossiers);
    if (asked.length === 0) return;
    const entry = { ...about(asked), action: 'canary.disclosed', context, purpose } as const;
    await this.#ledger.append(entry, 'staged');
  }

  /** Of these, whose id is one that a canary could have: hardly anybody’s else. @throws Failure `keys_unavailable` */
  async possible(candidates: readonly CandidateId[]): Promise<readonly CandidateId[]> {
    const key = await this.#keys.key('canary');
    return candidates.filter((candidate) => isMarked(key, 'candidate', candidate));
  }

  /** An id for one of them, which takes some hundred thousand to find. @param at milliseconds since the epoch */
  async markedId<Kind extends string>(kind: MarkedKind, at: number): Promise<Id<Kind>> {
    const key = await this.#keys.key('canary');
    for (;;) {
      const id = newId<Kind>(at);
      if (isMarked(key, kind, id)) return id;
    }
  }
}
