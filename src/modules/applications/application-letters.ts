import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { accountOf } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { type ApplicationMail, type Letter, Notices } from '../identity/index.js';
import { VacancyLookup } from '../vacancies/index.js';
import type { ApplicationEntity } from './persistence/application.entity.js';

/** What candidates are written about their applications: which vacancy, what has become of it, and where to read on. */
@Injectable()
export class ApplicationLetters {
  readonly #notices: Notices;
  readonly #vacancies: VacancyLookup;
  readonly #publicUrl: string;

  constructor(notices: Notices, vacancies: VacancyLookup, settings: Settings) {
    this.#notices = notices;
    this.#vacancies = vacancies;
    this.#publicUrl = settings.publicUrl;
  }

  /** @returns `undefined` where there is nobody: a synthetic candidate, or one who is gone */
  async change(
    manager: EntityManager,
    application: ApplicationEntity,
    mail: ApplicationMail,
    answerBy?: Date,
  ): Promise<Letter | undefined> {
    if (application.mode === 'sandbox') return undefined;
    const until = answerBy === undefined ? {} : { answerBy };
    const about = await this.#about(manager, application);
    return this.#notices.write(accountOf(application.candidateId), {
      kind: 'application_changed',
      mail,
      ...about,
      ...until,
    });
  }

  /** The reminder that an offer waits for its answer. */
  async offerEnding(
    manager: EntityManager,
    application: ApplicationEntity,
    answerBy: Date,
  ): Promise<Letter | undefined> {
    const about = await this.#about(manager, application);
    return this.#notices.write(accountOf(application.candidateId), {
      kind: 'offer_ending',
      ...about,
      answerBy,
    });
  }

  async #about(manager: EntityManager, { id, vacancyId }: ApplicationEntity) {
    const { title } = await this.#vacancies.find(manager, vacancyId);
    return { vacancy: title, link: `${this.#publicUrl}/v1/me/applications/${id}/timeline` };
  }
}
