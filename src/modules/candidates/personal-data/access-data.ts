import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OwnReading } from '../../../disclosure/index.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { SubjectHistory } from '../../../ledger/index.js';
import { type ExportFile, PersonalData, type PersonalDataSource } from '../../personal-data/index.js';
import { AccessHistory } from '../access-history/access-history.js';

const PAGE = 100;

/** Who read or changed what of a candidate's, sign-ins included: the ledger's part. */
@Injectable()
export class AccessData implements PersonalDataSource, OnModuleInit {
  readonly name = 'access-history';
  /** The ledger's own, from which nothing is ever taken: what ties it to the candidate is cut instead. */
  readonly tables = ['audit.subject_reference'];
  readonly given = [];
  readonly withheld = [];
  readonly #data: PersonalData;
  readonly #history: SubjectHistory;
  readonly #sentences: AccessHistory;

  constructor(data: PersonalData, history: SubjectHistory, sentences: AccessHistory) {
    this.#data = data;
    this.#history = history;
    this.#sentences = sentences;
  }

  onModuleInit(): void {
    this.#data.add(this);
  }

  async *files(reading: OwnReading): AsyncGenerator<ExportFile> {
    yield {
      kind: 'records',
      name: 'access-history',
      title: { en: 'Who read or changed what, and when', fr: 'Qui a lu ou modifié quoi, et quand' },
      about: {
        en: 'Every entry of the access log about you, your own sign-ins and changes included, newest first. Proofs of each are to be had with the access history itself.',
        fr: 'Chaque entrée du journal des accès à votre sujet, y compris vos connexions et modifications, de la plus récente à la plus ancienne. L’historique des accès en donne les preuves.',
      },
      items: () => this.#accesses(reading),
    };
  }

  /** The tie is cut last of all, by whoever sees the erasure through. */
  erase(): Promise<void> {
    return Promise.resolve();
  }

  async *#accesses({ context, candidate }: OwnReading): AsyncGenerator<object> {
    for await (const { access, agencyName, sentence } of this.#pages(context, candidate)) {
      const { id, at, action, outcome, purpose, actorKind, applicationId, fields } = access;
      yield {
        at,
        sentence,
        action,
        outcome,
        purpose,
        actor: actorKind,
        agencyName,
        applicationId,
        fields,
        id,
      };
    }
  }

  async *#pages(context: OwnReading['context'], candidate: CandidateId) {
    let before: number | undefined;
    for (;;) {
      const page = await this.#history.of(candidate, PAGE, before);
      yield* await this.#sentences.inWords(context, page);
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined) return;
      before = last.index;
    }
  }
}
