import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import type { VacancyId } from '../../kernel/ids.js';

/** What the applications room knows and does about a vacancy. Vacancies themselves know of no application. */
export interface SubmissionObserver {
  hasSubmissions(manager: EntityManager, id: VacancyId): Promise<boolean>;
  /** Undecided applications end with their vacancy, in the same transaction. */
  vacancyArchived(manager: EntityManager, context: RequestContext, id: VacancyId): Promise<void>;
}

/** Lets the room above take part, without a circle between the two. */
@Injectable()
export class SubmissionObservers implements SubmissionObserver {
  #observer: SubmissionObserver | undefined;

  observe(observer: SubmissionObserver): void {
    this.#observer = observer;
  }

  hasSubmissions(manager: EntityManager, id: VacancyId): Promise<boolean> {
    return this.#required().hasSubmissions(manager, id);
  }

  vacancyArchived(manager: EntityManager, context: RequestContext, id: VacancyId): Promise<void> {
    return this.#required().vacancyArchived(manager, context, id);
  }

  #required(): SubmissionObserver {
    if (this.#observer === undefined)
      throw new Error('The applications room observes vacancies from its start.');
    return this.#observer;
  }
}
