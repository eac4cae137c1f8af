import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpentBudget } from '../../../disclosure/index.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { IdempotencyStore } from '../../../platform/http/index.js';
import { type ExportFile, PersonalData, type PersonalDataSource } from '../../personal-data/index.js';

/** What rooms that know no candidates keep of them for a day: answers given, and that an agency was shown them. */
@Injectable()
export class KeptAnswers implements PersonalDataSource, OnModuleInit {
  readonly name = 'kept-answers';
  readonly tables = ['platform.idempotency', 'disclosure.spent'];
  readonly given = [];
  readonly withheld = [
    {
      place: 'platform_idempotency.answer',
      what: {
        en: 'Copies of answers that your program was given, kept for a day in case it asks again',
        fr: 'Des copies de réponses données à votre programme, gardées un jour au cas où il les redemanderait',
      },
      why: {
        en: 'They repeat what is in the other files.',
        fr: 'Elles répètent ce qui est dans les autres fichiers.',
      },
    },
  ] as const;
  readonly #data: PersonalData;
  readonly #answers: IdempotencyStore;
  readonly #spent: SpentBudget;

  constructor(data: PersonalData, answers: IdempotencyStore, spent: SpentBudget) {
    this.#data = data;
    this.#answers = answers;
    this.#spent = spent;
  }

  onModuleInit(): void {
    this.#data.add(this);
  }

  async *files(): AsyncGenerator<ExportFile> {
    // Nothing that is not in another file.
  }

  async erase(candidate: CandidateId): Promise<void> {
    await this.#answers.forgetPerson(candidate);
    await this.#spent.forget(candidate);
  }
}
