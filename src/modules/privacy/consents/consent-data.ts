import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OwnReading } from '../../../disclosure/index.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { type ExportFile, PersonalData, type PersonalDataSource } from '../../personal-data/index.js';
import { ConsentEntity } from '../persistence/consent.entity.js';
import { decisionsOf, fieldOf } from './consents.js';
import { wordingOf } from './purposes.js';

/** Every decision about a consent, with the words that it was about. */
@Injectable()
export class ConsentData implements PersonalDataSource, OnModuleInit {
  readonly name = 'consents';
  readonly tables = ['privacy.consent'];
  readonly given = ['privacy_consent.decision'] as const;
  readonly withheld = [];
  readonly #data: PersonalData;
  readonly #database: Database;

  constructor(data: PersonalData, database: Database) {
    this.#data = data;
    this.#database = database;
  }

  onModuleInit(): void {
    this.#data.add(this);
  }

  async *files(reading: OwnReading): AsyncGenerator<ExportFile> {
    yield {
      kind: 'records',
      name: 'consents',
      title: { en: 'Consents', fr: 'Consentements' },
      about: {
        en: 'What you have agreed to or withdrawn, when, and in which words; oldest first.',
        fr: 'Ce que vous avez accepté ou retiré, quand, et en quels termes ; du plus ancien au plus récent.',
      },
      items: () => this.#decisions(reading),
    };
  }

  async erase(candidateId: CandidateId): Promise<void> {
    await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.getRepository(ConsentEntity).delete({ candidateId }),
    );
  }

  async *#decisions(reading: OwnReading): AsyncGenerator<object> {
    const { candidate: candidateId } = reading;
    const rows = await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      decisionsOf(manager, candidateId),
    );
    const fields = rows.map(fieldOf);
    const opened = await reading.open(fields);
    for (const field of fields) {
      const decision = opened.value(field);
      if (decision === null) yield { id: field.row, unreadable: [field.name] };
      else
        yield { ...decision, wording: wordingOf(decision.purpose, decision.version)?.text[decision.locale] };
    }
  }
}
