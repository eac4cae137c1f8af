import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { type Id, newId } from '../../kernel/ids.js';
import { type Sealed, Sealer } from '../../sealing/index.js';
import type { Letter } from '../identity/index.js';
import { ApplicationLetters } from './application-letters.js';
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
  readonly #letters: ApplicationLetters;
  readonly #clock: Clock;

  constructor(sealer: Sealer, letters: ApplicationLetters, clock: Clock) {
    this.#sealer = sealer;
    this.#letters = letters;
    this.#clock = clock;
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
      letter: await this.#letters.change(manager, application, bare.transition.mail, move.answerBy),
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
