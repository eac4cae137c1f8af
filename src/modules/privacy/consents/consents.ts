import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Disclosure, type SealedField } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Failure, type FieldError } from '../../../kernel/errors.js';
import { type CandidateId, newId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { ConsentEntity } from '../persistence/consent.entity.js';
import { CONSENT_DECISION, type Decision } from '../persistence/places.js';
import { CONSENT_PURPOSES, type ConsentPurpose, currentWording } from './purposes.js';

type Candidate = RequestContext<CandidateActor>;

/** How one purpose stands. */
export interface Consent {
  readonly purpose: ConsentPurpose;
  /** No, until somebody has said yes. */
  readonly given: boolean;
  /** The last decision; `null` when there was none. */
  readonly decided: Decision | null;
}

/** A purpose that somebody agrees to. */
export interface Agreement {
  readonly purpose: ConsentPurpose;
  /** Version of the wording that they have been shown. */
  readonly version: number;
}

/** What candidates have agreed to. Only decisions are written, and none is ever changed. */
@Injectable()
export class Consents {
  readonly #database: Database;
  readonly #disclosure: Disclosure;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, disclosure: Disclosure, sealer: Sealer, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#disclosure = disclosure;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Every purpose there is. @throws Failure `sealed_value_unreadable` when it cannot be said what was decided */
  async read(context: Candidate): Promise<readonly Consent[]> {
    const { candidateId: candidate } = context.actor;
    const rows = await this.#run(candidate, (manager) => decisionsOf(manager, candidate));
    const fields = rows.map(fieldOf);
    const opened = await this.#disclosure.toOwner(context, 'consent.read', candidate, { candidate, fields });
    if (opened.unreadable.length > 0)
      throw new Failure('sealed_value_unreadable', { privateDetail: 'consents' });
    return standing(fields.flatMap((field) => opened.value(field) ?? []));
  }

  /**
   * Agrees to these purposes and to no other: one that is left out is withdrawn. What stays as it is leaves no trace.
   * @throws Failure `invalid_request` for a purpose named twice or for another wording than the present one
   */
  async decide(context: Candidate, agreements: readonly Agreement[]): Promise<readonly Consent[]> {
    const fields = problemsOf(agreements);
    if (fields.length > 0) throw new Failure('invalid_request', { fields });
    const { candidateId } = context.actor;
    const before = await this.read(context);
    const now = this.#clock.now();
    const made = before.flatMap((consent): Decision[] => {
      const { purpose, given, decided } = consent;
      const agreed = agreements.find((agreement) => agreement.purpose === purpose);
      const { version } = agreed ?? decided ?? currentWording(purpose);
      const isSame = agreed === undefined ? !given : given && decided?.version === version;
      if (isSame) return [];
      return [
        { purpose, given: agreed !== undefined, version, locale: context.locale, at: now.toISOString() },
      ];
    });
    if (made.length === 0) return before;
    await this.#run(candidateId, async (manager) => {
      for (const decision of made) await this.#write(manager, candidateId, now, decision);
      const subjects = [{ candidate: candidateId, fields: made.map(({ purpose }) => purpose) }];
      await this.#ledger.stage(manager, {
        action: 'consent.decided',
        context,
        resource: candidateId,
        subjects,
      });
    });
    return before.map((consent) => {
      const decided = made.find(({ purpose }) => purpose === consent.purpose);
      return decided === undefined ? consent : { purpose: consent.purpose, given: decided.given, decided };
    });
  }

  async #write(
    manager: EntityManager,
    candidateId: CandidateId,
    createdAt: Date,
    decision: Decision,
  ): Promise<void> {
    const id = newId<'consent'>(createdAt.getTime());
    const sealed = await this.#sealer.seal(CONSENT_DECISION, { subject: candidateId, row: id }, decision);
    await manager.getRepository(ConsentEntity).insert({ id, candidateId, decision: sealed, createdAt });
  }

  #run<T>(candidateId: CandidateId, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'candidate', candidateId }, work);
  }
}

/** Oldest first. */
export const decisionsOf = (
  manager: EntityManager,
  candidateId: CandidateId,
): Promise<readonly ConsentEntity[]> =>
  manager.getRepository(ConsentEntity).find({ where: { candidateId }, order: { id: 'ASC' } });

export const fieldOf = ({ id, decision }: ConsentEntity): SealedField<Decision> => ({
  name: 'consent',
  place: CONSENT_DECISION,
  row: id,
  value: decision,
});

function standing(decisions: readonly Decision[]): readonly Consent[] {
  return CONSENT_PURPOSES.map((purpose) => {
    const decided = decisions.findLast((decision) => decision.purpose === purpose) ?? null;
    return { purpose, given: decided?.given ?? false, decided };
  });
}

function problemsOf(agreements: readonly Agreement[]): readonly FieldError[] {
  return agreements.flatMap(({ purpose, version }, at): FieldError[] => {
    const isTwice = agreements.findIndex((other) => other.purpose === purpose) !== at;
    if (isTwice)
      return [
        {
          pointer: `/agreements/${at}/purpose`,
          code: 'duplicate',
          detail: { en: 'Name each purpose once.', fr: 'Indiquez chaque finalité une seule fois.' },
        },
      ];
    if (version === currentWording(purpose).version) return [];
    return [
      {
        pointer: `/agreements/${at}/version`,
        code: 'outdated_wording',
        detail: {
          en: 'The wording is another one now: read it again before you agree.',
          fr: 'Le texte a changé : relisez-le avant d’accepter.',
        },
      },
    ];
  });
}
