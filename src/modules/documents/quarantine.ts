import { Injectable } from '@nestjs/common';
import type { Inspect, SealedDocument } from '../../disclosure/index.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { accountOf } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Settings } from '../../platform/config/settings.js';
import { Database } from '../../platform/database/database.js';
import { MalwareScanner } from '../../platform/scanning/malware-scanner.js';
import { Notices } from '../identity/index.js';
import type { ReceivedDocument } from './attachments.js';
import { DocumentEntity } from './persistence/document.entity.js';

/** Keeps agencies from documents in which malware is found: signatures learn of what they missed at the upload. */
@Injectable()
export class Quarantine {
  readonly #database: Database;
  readonly #scanner: MalwareScanner;
  readonly #ledger: Ledger;
  readonly #notices: Notices;
  readonly #publicUrl: string;

  constructor(
    database: Database,
    scanner: MalwareScanner,
    ledger: Ledger,
    notices: Notices,
    { publicUrl }: Settings,
  ) {
    this.#database = database;
    this.#scanner = scanner;
    this.#ledger = ledger;
    this.#notices = notices;
    this.#publicUrl = publicUrl;
  }

  /**
   * Looks into the whole document once more before an agency gets the first byte.
   * @throws Failure `document_quarantined`, `scanner_unavailable`
   */
  inspect(context: RequestContext, { sealed, isQuarantined }: ReceivedDocument): Inspect {
    return async (content) => {
      if (isQuarantined) throw new Failure('document_quarantined');
      if (!this.#scanner.isPresent) return;
      const scan = await this.#scanner.begin();
      try {
        for await (const bytes of content) await scan.write(bytes);
        if ((await scan.end()) === 'clean') return;
      } finally {
        scan.abandon();
      }
      await this.#lockAway(context, sealed);
      throw new Failure('document_quarantined');
    };
  }

  /** Its content stays, sealed: what was found may be a mistake, and the candidate, who is told, decides when it goes. */
  async #lockAway(context: RequestContext, { id, candidate }: SealedDocument): Promise<void> {
    const link = `${this.#publicUrl}/v1/me/documents`;
    const letter = await this.#notices.write(accountOf(candidate), { kind: 'document_quarantined', link });
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const documents = manager.getRepository(DocumentEntity);
      const { affected } = await documents.update({ id, status: 'available' }, { status: 'quarantined' });
      if (affected !== 1) return;
      const subjects = [{ candidate, fields: [] }];
      await this.#ledger.stage(manager, { action: 'document.quarantined', context, resource: id, subjects });
      if (letter !== undefined) await this.#notices.post(manager, letter);
    });
  }
}
