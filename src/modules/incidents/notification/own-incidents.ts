import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Canaries, type OwnReading } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { ownContext } from '../../../kernel/own-context.js';
import { Database } from '../../../platform/database/database.js';
import { type ExportFile, PersonalData, type PersonalDataSource } from '../../personal-data/index.js';
import { IncidentRecords } from '../incident-records.js';
import { NoticeEntity } from '../persistence/notice.entity.js';
import { NoticeRows, type OwnNotice } from './notice-rows.js';

/** Which incidents a candidate was told of, here or by mail, and what of theirs was exposed: to themselves, and to nobody else. */
@Injectable()
export class OwnIncidents implements PersonalDataSource, OnModuleInit {
  readonly name = 'incidents';
  readonly tables = ['incidents.notice'];
  readonly given = ['incidents_notice.told'] as const;
  readonly withheld = [];
  readonly #data: PersonalData;
  readonly #rows: NoticeRows;
  readonly #records: IncidentRecords;
  readonly #canaries: Canaries;
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(
    data: PersonalData,
    rows: NoticeRows,
    records: IncidentRecords,
    canaries: Canaries,
    database: Database,
    clock: Clock,
  ) {
    this.#data = data;
    this.#rows = rows;
    this.#records = records;
    this.#canaries = canaries;
    this.#database = database;
    this.#clock = clock;
  }

  onModuleInit(): void {
    this.#data.add(this);
  }

  /** Newest first. */
  list({ actor: { candidateId } }: RequestContext<CandidateActor>): Promise<readonly OwnNotice[]> {
    return this.#of(candidateId);
  }

  async *files({ candidate }: OwnReading): AsyncGenerator<ExportFile> {
    yield {
      kind: 'records',
      name: 'incidents',
      title: { en: 'Incidents that affected you', fr: 'Incidents qui vous ont concerné' },
      about: {
        en: 'Each incident that affected you and was closed, or of which you were told before: which of your data it exposed, and when; newest first.',
        fr: 'Chaque incident clos qui vous a concerné, ou dont vous avez été informé avant : lesquelles de vos données il a exposées, et quand ; du plus récent au plus ancien.',
      },
      items: () => this.#each(candidate),
    };
  }

  /** Whoever was told stays counted among those who were. */
  async erase(candidateId: CandidateId): Promise<void> {
    const who = (await this.#canaries.of([candidateId])).has(candidateId) ? 'canaries' : 'people';
    const context = ownContext('incidents', this.#clock.now());
    await this.#database.run({ kind: 'system' }, async (manager) => {
      for (const incident of await this.#rows.reachedBy(manager, candidateId))
        await this.#records.noteErased(context, manager, incident, who);
      await manager.getRepository(NoticeEntity).delete({ candidateId });
    });
  }

  async *#each(candidate: CandidateId): AsyncGenerator<object> {
    yield* await this.#of(candidate);
  }

  #of(candidateId: CandidateId): Promise<readonly OwnNotice[]> {
    return this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      this.#rows.of(manager, candidateId),
    );
  }
}
