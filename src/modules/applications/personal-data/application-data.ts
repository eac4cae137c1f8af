import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OwnReading } from '../../../disclosure/index.js';
import type { RequestContext } from '../../../kernel/context.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { type ExportFile, PersonalData, type PersonalDataSource } from '../../personal-data/index.js';
import { VacancyLookup } from '../../vacancies/index.js';
import { ApplicationEntity } from '../persistence/application.entity.js';
import { EventEntity } from '../persistence/event.entity.js';
import { ANSWERS, MOTIVATION, SNAPSHOT } from '../persistence/places.js';
import { decisionField } from '../application-reader.js';
import { ApplicationErasure } from './application-erasure.js';

/** What candidates have sent to agencies or were going to, and what was said to it. */
@Injectable()
export class ApplicationData implements PersonalDataSource, OnModuleInit {
  readonly name = 'applications';
  readonly tables = ['applications.application', 'applications.event'];
  readonly given = [
    'applications_application.motivation',
    'applications_application.answers',
    'applications_application.snapshot',
    'applications_application.decision_note',
  ] as const;
  readonly withheld = [];
  readonly #data: PersonalData;
  readonly #database: Database;
  readonly #vacancies: VacancyLookup;
  readonly #erasure: ApplicationErasure;

  constructor(data: PersonalData, database: Database, vacancies: VacancyLookup, erasure: ApplicationErasure) {
    this.#data = data;
    this.#database = database;
    this.#vacancies = vacancies;
    this.#erasure = erasure;
  }

  onModuleInit(): void {
    this.#data.add(this);
  }

  async *files(reading: OwnReading): AsyncGenerator<ExportFile> {
    yield {
      kind: 'records',
      name: 'applications',
      title: { en: 'Applications', fr: 'Candidatures' },
      about: {
        en: 'Your applications and drafts: what you have written, your profile as it was sent, and each step with what the agency has said to it.',
        fr: 'Vos candidatures et brouillons : ce que vous avez écrit, votre profil tel qu’il a été transmis, et chaque étape avec le message de l’organisme.',
      },
      items: () => this.#applications(reading),
    };
  }

  async conceal(manager: EntityManager, context: RequestContext, candidate: CandidateId): Promise<void> {
    await this.#erasure.run(manager, context, candidate);
  }

  async erase(candidate: CandidateId): Promise<void> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      this.#erasure.removeLeftovers(manager, candidate),
    );
  }

  /** One at a time, oldest first. */
  async *#applications(reading: OwnReading): AsyncGenerator<object> {
    const { candidate: candidateId } = reading;
    const ids = await this.#run(reading, (manager) =>
      manager
        .getRepository(ApplicationEntity)
        .find({ select: { id: true }, where: { candidateId }, order: { createdAt: 'ASC', id: 'ASC' } }),
    );
    for (const { id } of ids) {
      const found = await this.#run(reading, async (manager) => {
        const application = await manager.getRepository(ApplicationEntity).findOneBy({ id, candidateId });
        if (application === null) return undefined;
        const where = { applicationId: id };
        const events = await manager
          .getRepository(EventEntity)
          .find({ where, order: { at: 'ASC', id: 'ASC' } });
        return { application, events, vacancy: await this.#vacancies.find(manager, application.vacancyId) };
      });
      if (found !== undefined) yield this.#present(reading, found);
    }
  }

  async #present(reading: OwnReading, { application, events, vacancy }: Found): Promise<object> {
    const { id: row, status, createdAt, submittedAt, updatedAt } = application;
    const motivation = { name: 'motivation', place: MOTIVATION, row, value: application.motivation };
    const answers = { name: 'answers', place: ANSWERS, row, value: application.answers };
    const snapshot = { name: 'snapshot', place: SNAPSHOT, row, value: application.snapshot };
    const decisions = events.map(decisionField);
    const opened = await reading.open([motivation, answers, snapshot, ...decisions]);
    return {
      id: row,
      vacancy: { id: vacancy.id, title: vacancy.title, agencyName: vacancy.agencyName },
      status,
      motivation: opened.value(motivation),
      answers: opened.value(answers),
      sentProfile: opened.value(snapshot),
      timeline: events.map(({ at, from, to, by }, index) => {
        const decision = decisions[index];
        const said = decision === undefined ? null : opened.value(decision);
        return { at, fromStatus: from, toStatus: to, by, ...said };
      }),
      createdAt,
      submittedAt,
      updatedAt,
      unreadable: opened.unreadable,
    };
  }

  #run<T>({ candidate: candidateId }: OwnReading, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'candidate', candidateId }, work);
  }
}

interface Found {
  readonly application: ApplicationEntity;
  readonly events: readonly EventEntity[];
  readonly vacancy: Awaited<ReturnType<VacancyLookup['find']>>;
}
