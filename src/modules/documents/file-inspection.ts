import { createHash } from 'node:crypto';
import { Failure } from '../../kernel/errors.js';
import type { MalwareScanner, Scan } from '../../platform/scanning/malware-scanner.js';
import { ContentTypeSearch } from './content-type.js';
import { MEDIA_TYPES, type MediaType, MOST_BYTES } from './document.js';

export interface Inspected {
  readonly mediaType: MediaType;
  readonly size: number;
  /** SHA-256, in base64. */
  readonly sha256: string;
}

/** Looks at a file in every way at once, while it streams by on its way into the store. */
export class FileInspection {
  readonly #scan: Scan;
  readonly #type = new ContentTypeSearch();
  readonly #digest = createHash('sha256');
  #size = 0;

  private constructor(scan: Scan) {
    this.#scan = scan;
  }

  /** @throws Failure `scanner_unavailable` */
  static async begin(scanner: MalwareScanner): Promise<FileInspection> {
    return new FileInspection(await scanner.begin());
  }

  /** @throws Failure `payload_too_large`, `scanner_unavailable`, and whatever the content throws */
  async *watch(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const bytes of content) {
      this.#size += bytes.length;
      if (this.#size > MOST_BYTES) throw tooLarge();
      this.#digest.update(bytes);
      await Promise.all([this.#type.write(bytes), this.#scan.write(bytes)]);
      yield bytes;
    }
  }

  /** @throws Failure `document_infected`, `unsupported_media_type`, `scanner_unavailable` */
  async end(): Promise<Inspected> {
    const [verdict, mediaType] = await Promise.all([this.#scan.end(), this.#type.end()]);
    if (verdict === 'infected') throw new Failure('document_infected');
    if (mediaType === undefined) throw unknownType();
    return { mediaType, size: this.#size, sha256: this.#digest.digest('base64') };
  }

  abandon(): void {
    this.#scan.abandon();
    this.#type.abandon();
  }
}

function tooLarge(): Failure {
  const mebibytes = MOST_BYTES / 1_024 / 1_024;
  return new Failure('payload_too_large', {
    detail: {
      en: `A document has at most ${mebibytes} MiB.`,
      fr: `Un document compte au plus ${mebibytes} Mio.`,
    },
  });
}

function unknownType(): Failure {
  const list = Object.values(MEDIA_TYPES)
    .map(([ending]) => ending.toUpperCase())
    .join(', ');
  return new Failure('unsupported_media_type', {
    detail: {
      en: `By its content the file is none of: ${list}.`,
      fr: `D'après son contenu, le fichier n'est d'aucun de ces types : ${list}.`,
    },
  });
}
