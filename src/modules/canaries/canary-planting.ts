import { Injectable } from '@nestjs/common';
import { Canaries } from '../../disclosure/index.js';
import { Clock } from '../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { newId, type VacancyId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { type Answer, OwnApplications, Submissions } from '../applications/index.js';
import {
  EDUCATION,
  type Education,
  Entries,
  EXPERIENCE,
  type Experience,
  LANGUAGES,
  type LanguageSkill,
  type Profile,
  Profiles,
} from '../candidates/index.js';
import { UnattendedSignUp } from '../identity/index.js';
import { OpenVacancies, type Vacancy } from '../vacancies/index.js';

/** What somebody would have written who applies. */
export interface CanaryPerson {
  readonly email: string;
  /** Where they would be. */
  readonly address: string;
  readonly profile: Partial<Profile>;
  readonly education: readonly Education[];
  readonly experience: readonly Experience[];
  readonly languages: readonly LanguageSkill[];
  readonly motivation: string;
  readonly answers: readonly Answer[];
}

/** Puts a candidate whom nobody is among a vacancy's applicants, by all the steps that anybody takes. */
@Injectable()
export class CanaryPlanting {
  readonly #database: Database;
  readonly #vacancies: OpenVacancies;
  readonly #canaries: Canaries;
  readonly #signUp: UnattendedSignUp;
  readonly #profiles: Profiles;
  readonly #entries: Entries;
  readonly #applications: OwnApplications;
  readonly #submissions: Submissions;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    database: Database,
    vacancies: OpenVacancies,
    canaries: Canaries,
    signUp: UnattendedSignUp,
    profiles: Profiles,
    entries: Entries,
    applications: OwnApplications,
    submissions: Submissions,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#database = database;
    this.#vacancies = vacancies;
    this.#canaries = canaries;
    this.#signUp = signUp;
    this.#profiles = profiles;
    this.#entries = entries;
    this.#applications = applications;
    this.#submissions = submissions;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * What canaries can apply to. It is recorded that some are about to be planted, and neither which nor where.
   * @throws Failure `not_found`, `vacancy_not_open`, `deadline_passed`; `conflict` for one that asks for documents
   */
  async prepare(context: RequestContext, vacancyId: VacancyId, count: number): Promise<Vacancy> {
    const vacancy = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#vacancies.find(context, manager, vacancyId, 'live'),
    );
    if (vacancy.requiredDocuments.length > 0)
      throw new Failure('conflict', { detail: 'A canary has no documents, which this vacancy asks for.' });
    await this.#ledger.append({ action: 'canary.planted', context, count }, 'staged');
    return vacancy;
  }

  /**
   * @param pause between two steps: nobody fills in everything within a second
   * @throws Failure `conflict` for an address that is taken, and what submitting throws
   */
  async plant(vacancy: Vacancy, person: CanaryPerson, pause: () => Promise<void>): Promise<void> {
    const now = this.#clock.now().getTime();
    const id = await this.#canaries.markedId<'account'>('candidate', now);
    const anybody = { actor: { kind: 'anonymous' }, locale: 'fr', address: person.address } as const;
    const actor = await this.#signUp.run(
      { ...anybody, requestId: this.#requestId() },
      id,
      person.email,
      pause,
    );
    const context = (): RequestContext<CandidateActor> => ({
      ...anybody,
      actor,
      requestId: this.#requestId(),
    });
    await pause();
    await this.#profiles.replace(context(), 0, person.profile);
    for (const entry of person.education) await this.#entries.add(context(), EDUCATION, entry);
    await pause();
    for (const entry of person.experience) await this.#entries.add(context(), EXPERIENCE, entry);
    for (const entry of person.languages) await this.#entries.add(context(), LANGUAGES, entry);
    await pause();
    const at = this.#clock.now().getTime();
    const applicationId = await this.#canaries.markedId<'application'>('application', at);
    const { application: draft } = await this.#applications.create(context(), vacancy.id, applicationId);
    await pause();
    const { motivation, answers } = person;
    const written = await this.#applications.change(context(), draft.id, draft.revision, {
      motivation,
      answers,
    });
    // As whoever has saved a draft is shown it.
    await this.#applications.open(context(), written);
    await this.#submissions.submit(context(), draft.id, written.revision);
  }

  #requestId(): RequestContext['requestId'] {
    return newId<'request'>(this.#clock.now().getTime());
  }
}
