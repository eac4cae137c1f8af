import { createHash } from 'node:crypto';
import type { Locale } from '../../../kernel/context.js';
import type { Bilingual } from '../../../kernel/errors.js';
import type { PersonalDataSource } from '../../personal-data/index.js';
import type { ArchiveEntry } from './archive.js';

/** What the manifest says of one file, once it has been written. */
interface FileNote {
  readonly path: string;
  readonly mediaType: string;
  readonly title?: string;
  readonly description: string;
  /** How many records there are. */
  readonly records?: number;
  readonly bytes: number;
  /** In hex, as `sha256sum` prints it. */
  readonly sha256: string;
}

type Described = Omit<FileNote, 'bytes' | 'sha256' | 'records'>;

/** Describes every file of an archive. It is written last: then everything is known of each. */
export class Manifest {
  readonly #locale: Locale;
  readonly #notes: FileNote[] = [];

  constructor(locale: Locale) {
    this.#locale = locale;
  }

  in(text: Bilingual): string {
    return text[this.#locale];
  }

  /** The same entry, noted down as it is written. @param records says how many there were, afterwards */
  noting(entry: ArchiveEntry, described: Omit<Described, 'path'>, records?: () => number): ArchiveEntry {
    const notes = this.#notes;
    return {
      ...entry,
      async *content() {
        const hash = createHash('sha256');
        let bytes = 0;
        for await (const part of entry.content()) {
          hash.update(part);
          bytes += Buffer.byteLength(part);
          yield part;
        }
        const counted = records === undefined ? {} : { records: records() };
        notes.push({ path: entry.path, ...described, ...counted, bytes, sha256: hash.digest('hex') });
      },
    };
  }

  /** @param candidate the id that the person has here */
  write(candidate: string, at: Date, sources: readonly PersonalDataSource[]): string {
    const withheld = sources.flatMap((source) =>
      source.withheld.map(({ what, why }) => ({ what: this.in(what), why: this.in(why) })),
    );
    const content = {
      format: 'sceau-personal-data/1',
      candidate,
      exportedAt: at.toISOString(),
      language: this.#locale,
      files: this.#notes,
      withheld,
    };
    return `${JSON.stringify(content, null, 2)}\n`;
  }
}
