import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OwnReading } from '../../../disclosure/index.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import {
  type ExportFile,
  PersonalData,
  type PersonalDataSource,
  type RecordFile,
} from '../../personal-data/index.js';
import { diversityField } from '../diversity/own-diversity.js';
import { entryField } from '../entries/entries.js';
import { EDUCATION, type EntryKind, EXPERIENCE, LANGUAGES } from '../entries/entry-kinds.js';
import { inOrder } from '../entries/entry-order.js';
import { DiversityEntity } from '../persistence/diversity.entity.js';
import { ProfileEntity } from '../persistence/profile.entity.js';
import { openedSections, sectionFields } from '../profile/sealed-profile.js';

/** What candidates tell about themselves. */
@Injectable()
export class ProfileData implements PersonalDataSource, OnModuleInit {
  readonly name = 'profile';
  readonly tables = [
    'candidates.profile',
    'candidates.education',
    'candidates.experience',
    'candidates.language',
    'candidates.diversity',
  ];
  readonly given = [
    'candidates_profile.identity',
    'candidates_profile.contact',
    'candidates_profile.address',
    'candidates_profile.preferences',
    'candidates_profile.accommodations',
    'candidates_education.entry',
    'candidates_experience.entry',
    'candidates_language.entry',
    'candidates_diversity.answers',
  ] as const;
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
    yield file('profile', { en: 'Profile', fr: 'Profil' }, () => this.#profile(reading));
    yield file('education', { en: 'Education', fr: 'Formations' }, () => this.#list(reading, EDUCATION));
    yield file('experience', { en: 'Experience', fr: 'Expériences' }, () => this.#list(reading, EXPERIENCE));
    yield file('languages', { en: 'Languages', fr: 'Langues' }, () => this.#list(reading, LANGUAGES));
    yield file('equality', { en: 'Answers for equality', fr: 'Réponses pour l’égalité' }, () =>
      this.#diversity(reading),
    );
  }

  async erase(candidateId: CandidateId): Promise<void> {
    // Education, experience, languages and answers for equality go with the row that they refer to.
    await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.getRepository(ProfileEntity).delete({ candidateId }),
    );
  }

  async *#profile(reading: OwnReading): AsyncGenerator<object> {
    const candidateId = reading.candidate;
    const row = await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.getRepository(ProfileEntity).findOneBy({ candidateId }),
    );
    if (row === null) return;
    const fields = sectionFields(candidateId, row);
    const opened = await reading.open(Object.values(fields));
    const { createdAt, updatedAt } = row;
    yield { ...openedSections(fields, opened), unreadable: opened.unreadable, createdAt, updatedAt };
  }

  async *#diversity(reading: OwnReading): AsyncGenerator<object> {
    const candidateId = reading.candidate;
    const row = await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.getRepository(DiversityEntity).findOneBy({ candidateId }),
    );
    if (row === null) return;
    const field = diversityField(row);
    const opened = await reading.open([field]);
    const { createdAt, updatedAt } = row;
    yield { ...opened.value(field), unreadable: opened.unreadable, createdAt, updatedAt };
  }

  async *#list<T extends object>(reading: OwnReading, kind: EntryKind<T>): AsyncGenerator<object> {
    const candidateId = reading.candidate;
    const rows = await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.find(kind.entity, { where: { candidateId } }),
    );
    const fields = rows.map((row) => ({ row, field: entryField(kind, row) }));
    const opened = await reading.open(fields.map(({ field }) => field));
    const entries = fields.map(({ row: { id, createdAt, updatedAt }, field }) => {
      return { id, value: opened.value(field), createdAt, updatedAt };
    });
    for (const { value, ...entry } of inOrder(kind, entries))
      yield { ...entry, ...(value ?? { unreadable: [kind.name] }) };
  }
}

const GIVEN_BY_YOU = {
  en: 'As you have entered it in your profile.',
  fr: 'Tel que vous l’avez saisi dans votre profil.',
};

const file = (name: string, title: RecordFile['title'], items: () => AsyncGenerator<object>): RecordFile => ({
  kind: 'records',
  name,
  title,
  about: GIVEN_BY_YOU,
  items,
});
