import { Injectable } from '@nestjs/common';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Disclosure, type SealedField } from '../../disclosure/index.js';
import { Database } from '../../platform/database/database.js';
import { type AttachedDocument, Attachments } from '../documents/index.js';
import type { Answer } from './answer.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { EventEntity } from './persistence/event.entity.js';
import { ANSWERS, type Decision, DECISION, MOTIVATION } from './persistence/places.js';

type Candidate = RequestContext<CandidateActor>;

/** An application as its candidate sees it. */
export interface OwnApplication {
  readonly application: ApplicationEntity;
  readonly motivation: string | null;
  readonly answers: readonly Answer[] | null;
  readonly documents: readonly AttachedDocument[];
  /** Names of the fields whose stored value cannot be read. */
  readonly unreadable: readonly string[];
}

export interface TimelineEntry {
  readonly event: EventEntity;
  /** `null` where nothing was said, or what was cannot be read. */
  readonly decision: Decision | null;
}

/** Opens candidates' applications for themselves, through the one door. */
@Injectable()
export class ApplicationReader {
  readonly #disclosure: Disclosure;
  readonly #database: Database;
  readonly #attachments: Attachments;

  constructor(disclosure: Disclosure, database: Database, attachments: Attachments) {
    this.#disclosure = disclosure;
    this.#database = database;
    this.#attachments = attachments;
  }

  async own(context: Candidate, application: ApplicationEntity): Promise<OwnApplication> {
    const motivation: SealedField<string> = {
      name: 'motivation',
      place: MOTIVATION,
      row: application.id,
      value: application.motivation,
    };
    const answers: SealedField<readonly Answer[]> = {
      name: 'answers',
      place: ANSWERS,
      row: application.id,
      value: application.answers,
    };
    const opened = await this.#disclosure.toOwner(context, 'candidate.application_read', application.id, {
      candidate: application.candidateId,
      application: application.id,
      fields: [motivation, answers],
    });
    const scope = { kind: 'candidate', candidateId: context.actor.candidateId } as const;
    const documents = await this.#database.run(scope, (manager) =>
      this.#attachments.of(manager, application.id),
    );
    return {
      application,
      motivation: opened.value(motivation),
      answers: opened.value(answers),
      documents,
      unreadable: opened.unreadable,
    };
  }

  /** Every change, oldest first, with what the agency has said to it. */
  async timeline(context: Candidate, application: ApplicationEntity): Promise<readonly TimelineEntry[]> {
    const scope = { kind: 'candidate', candidateId: context.actor.candidateId } as const;
    const events = await this.#database.run(scope, (manager) =>
      manager
        .getRepository(EventEntity)
        .find({ where: { applicationId: application.id }, order: { at: 'ASC', id: 'ASC' } }),
    );
    const decisions = events.map(decisionField);
    const opened = await this.#disclosure.toOwner(context, 'candidate.application_read', application.id, {
      candidate: application.candidateId,
      application: application.id,
      fields: decisions,
    });
    return events.map((event, at) => {
      const decision = decisions[at];
      return { event, decision: decision === undefined ? null : opened.value(decision) };
    });
  }
}

/** What was said to a step, as it lies there. */
export const decisionField = ({ id, decision }: EventEntity): SealedField<Decision> => ({
  name: 'decision',
  place: DECISION,
  row: id,
  value: decision,
});
