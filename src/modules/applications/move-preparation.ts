import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { AccountId, Id } from '../../kernel/ids.js';
import { newId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { type Sealed, Sealer } from '../../sealing/index.js';
import { type Letter, Notices } from '../identity/index.js';
import { VacancySearch } from '../vacancies/index.js';
import type { Transition } from './application.machine.js';
import { type Move, requireInTime, requireTransition } from './move.policy.js';
import type { ApplicationEntity } from './persistence/application.entity.js';
import { type Decision, DECISION } from './persistence/places.js';

/** A step that is allowed, with everything sealed that goes with it. It holds for the revision it was prepared from. */
export interface PreparedMove {
  readonly application: ApplicationEntity;
  readonly transition: Transition;
  readonly eventId: Id<'event'>;
  readonly decision: Sealed<Decision> | null;
  readonly answerBy: Date | null;
  /** To the candidate; nobody is behind a synthetic one. */
  readonly letter: Letter | undefined;
}

/** What has to be there before an application can change its state, and may take its time. */
@Injectable()
export class MovePreparation {
  readonly #sealer: Sealer;
  readonly #notices: Notices;
  readonly #vacancies: VacancySearch;
  readonly #clock: Clock;
  readonly #publicUrl: string;

  constructor(sealer: Sealer, notices: Notices, vacancies: VacancySearch, clock: Clock, settings: Settings) {
    this.#sealer = sealer;
    this.#notices = notices;
    this.#vacancies = vacancies;
    this.#clock = clock;
    this.#publicUrl = settings.publicUrl;
  }

  /**
   * @throws Failure `transition_refused` naming the allowed ones, `invalid_request` for a reason, feedback or deadline
   *   that is missing or does not go with the step, `deadline_passed` for a late answer to an offer
   */
  async prepare(manager: EntityManager, application: ApplicationEntity, move: Move): Promise<PreparedMove> {
    const bare = this.withoutWords(application, move);
    const position = { subject: application.candidateId, row: bare.eventId };
    const said = decisionOf(move);
    return {
      ...bare,
      decision: said === undefined ? null : await this.#sealer.seal(DECISION, position, said),
      letter: application.mode === 'live' ? await this.#letter(manager, application, move) : undefined,
    };
  }

  /** A step of which nobody is told, and to which nothing is said. @throws Failure as above */
  withoutWords(application: ApplicationEntity, move: Move): PreparedMove {
    const now = this.#clock.now();
    const transition = requireTransition(application.status, move, now);
    requireInTime(move.to, application.answerBy, now);
    const answerBy = move.answerBy ?? application.answerBy;
    const eventId = newId<'event'>(now.getTime());
    return { application, transition, eventId, decision: null, answerBy, letter: undefined };
  }

  async #letter(
    manager: EntityManager,
    { id, candidateId, vacancyId }: ApplicationEntity,
    { to, answerBy }: Move,
  ): Promise<Letter | undefined> {
    const { title } = await this.#vacancies.find(manager, vacancyId);
    const account: string = candidateId;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a candidate has the id of their account
    return this.#notices.write(account as AccountId, {
      kind: 'application_changed',
      vacancy: title,
      status: to,
      link: `${this.#publicUrl}/v1/me/applications/${id}/timeline`,
      ...(answerBy === undefined ? {} : { answerBy }),
    });
  }
}

function decisionOf({ reason, publicNote, feedback, answerBy }: Move): Decision | undefined {
  const said = {
    ...(reason === undefined ? {} : { reason }),
    ...(publicNote === undefined ? {} : { publicNote }),
    ...(feedback === undefined ? {} : { feedback }),
    ...(answerBy === undefined ? {} : { answerBy: answerBy.toISOString() }),
  };
  return Object.keys(said).length === 0 ? undefined : said;
}
