import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Disclosure, type OwnReading } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { RateLimits } from '../../../platform/http/index.js';
import { Logger } from '../../../platform/logging/logger.js';
import { type ExportFile, PersonalData, type RecordFile } from '../../personal-data/index.js';
import { type ArchiveEntry, archiveOf } from './archive.js';
import { jsonArray } from './json-records.js';
import { Manifest } from './manifest.js';
import { PAGE_ABOUT, readablePage } from './readable/page.js';

/** Everything held about a candidate, on its way to them. */
export interface PersonalExport {
  readonly fileName: string;
  /** A ZIP archive; breaks off without its end when something cannot be read. */
  readonly content: Readable;
}

/** Hands candidates all that is held about them (GDPR art. 15 and 20): for programs, and as a page to read. */
@Injectable()
export class PersonalExports {
  readonly #data: PersonalData;
  readonly #disclosure: Disclosure;
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(data: PersonalData, disclosure: Disclosure, limits: RateLimits, clock: Clock, logger: Logger) {
    this.#data = data;
    this.#disclosure = disclosure;
    this.#limits = limits;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * One entry in the ledger, and then the archive begins.
   * @throws Failure `too_many_requests`, `ledger_unavailable`
   */
  async begin(context: RequestContext<CandidateActor>): Promise<PersonalExport> {
    await this.#limits.enforce('personal_export', context.actor.accountId, context);
    const reading = await this.#disclosure.allToOwner(context, 'candidate.exported');
    const at = this.#clock.now();
    const content = archiveOf(this.#entries(reading, at), at);
    content.once('error', (error) => this.#logger.fault('personal export broke off', error));
    const name = context.locale === 'fr' ? 'mes-donnees' : 'my-data';
    return { fileName: `${name}-${at.toISOString().slice(0, 10)}.zip`, content };
  }

  async *#entries(reading: OwnReading, at: Date): AsyncGenerator<ArchiveEntry> {
    const { locale } = reading.context;
    const { sources } = this.#data;
    const manifest = new Manifest(locale);
    const records: RecordFile[] = [];
    for (const source of sources) {
      for await (const file of source.files(reading)) {
        if (file.kind === 'records') records.push(file);
        yield entryOf(manifest, file);
      }
    }
    const withheld = sources.flatMap((source) => source.withheld);
    const page: ArchiveEntry = {
      path: 'index.html',
      compress: true,
      content: () => readablePage(locale, at, records, withheld),
    };
    yield manifest.noting(page, { mediaType: 'text/html', description: manifest.in(PAGE_ABOUT) });
    yield {
      path: 'manifest.json',
      compress: true,
      async *content() {
        yield manifest.write(reading.candidate, at, sources);
      },
    };
  }
}

function entryOf(manifest: Manifest, file: ExportFile): ArchiveEntry {
  const description = manifest.in(file.about);
  if (file.kind === 'bytes') {
    const { mediaType, content } = file;
    return manifest.noting(
      { path: `documents/${file.name}`, compress: false, content },
      { mediaType, description },
    );
  }
  let count = 0;
  const written = (): void => {
    count += 1;
  };
  const entry = {
    path: `${file.name}.json`,
    compress: true,
    content: () => jsonArray(file.items(), written),
  };
  const described = { mediaType: 'application/json', title: manifest.in(file.title), description };
  return manifest.noting(entry, described, () => count);
}
