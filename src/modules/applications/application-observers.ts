import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyId, ApplicationId, VacancyId } from '../../kernel/ids.js';
import type { ApplicationStatus } from './application.machine.js';

/** That an application has a new state, or that its candidate was erased. Ids only: whoever observes knows no more than the agency's list shows. */
export interface ApplicationChange {
  readonly id: ApplicationId;
  readonly vacancyId: VacancyId;
  readonly agencyId: AgencyId;
  readonly status: ApplicationStatus;
  readonly revision: number;
  /** Later than that of every earlier change of the same agency. */
  readonly at: Date;
  /** Nothing of what was written is there any more; the state is the one from before. */
  readonly isErased?: true;
}

/** A room that does something of its own whenever an application moves, in the same transaction. */
export interface ApplicationObserver {
  applicationChanged(manager: EntityManager, change: ApplicationChange): Promise<void>;
}

/** Lets rooms above take part: applications themselves know of none. */
@Injectable()
export class ApplicationObservers implements ApplicationObserver {
  readonly #observers: ApplicationObserver[] = [];

  observe(observer: ApplicationObserver): void {
    this.#observers.push(observer);
  }

  async applicationChanged(manager: EntityManager, change: ApplicationChange): Promise<void> {
    for (const observer of this.#observers) await observer.applicationChanged(manager, change);
  }
}
