import type { OwnReading } from '../../disclosure/index.js';
import type { RequestContext } from '../../kernel/context.js';
import type { Bilingual } from '../../kernel/errors.js';
import type { CandidateId } from '../../kernel/ids.js';
import type { EntityManager } from 'typeorm';
import type { PlaceName } from '../../sealing/index.js';

/** Records of one kind, for programs and for people. */
export interface RecordFile {
  readonly kind: 'records';
  /** Without its ending; unique over all sources. Words in kebab-case. */
  readonly name: string;
  readonly title: Bilingual;
  /** What it holds and where that came from. */
  readonly about: Bilingual;
  /** JSON values, read as the receiver takes them; called once for each form. */
  readonly items: () => AsyncIterable<object>;
}

/** A file that the person has given, byte for byte. */
export interface GivenFile {
  readonly kind: 'bytes';
  /** Below the archive's folder `documents/`, with its ending. */
  readonly name: string;
  readonly mediaType: string;
  readonly about: Bilingual;
  readonly content: () => AsyncIterable<Uint8Array>;
}

export type ExportFile = RecordFile | GivenFile;

/** What is held and not handed out, and why not. */
export interface Withheld {
  readonly place: PlaceName;
  readonly what: Bilingual;
  readonly why: Bilingual;
}

/**
 * One room's part of what is held about a candidate: how it is handed out, and how it ceases to be. That nothing is in
 * no source is held against the catalogue of the database by `test/integration/privacy/personal-data.spec.ts`.
 */
export interface PersonalDataSource {
  /** The room, in a word. */
  readonly name: string;
  /** Tables, `schema.name`, of whose rows some are a candidate's. */
  readonly tables: readonly string[];
  /** Sealed places whose content is in the files. */
  readonly given: readonly PlaceName[];
  readonly withheld: readonly Withheld[];
  /** Every file, also those that turn out empty; documents one by one. */
  files(reading: OwnReading): AsyncIterable<ExportFile>;
  /**
   * In the transaction in which an erasure is acknowledged: takes away what anybody but the candidate could still be
   * shown, and tells whom it concerns. In the scope `system`.
   */
  conceal?(manager: EntityManager, context: RequestContext, candidate: CandidateId): Promise<void>;
  /** Removes all the rest. It may be broken off at any point and is then repeated, and once more at the end. */
  erase(candidate: CandidateId): Promise<void>;
}
