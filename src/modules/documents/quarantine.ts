import { Injectable } from '@nestjs/common';
import type { Inspect, SealedDocument } from '../../disclosure/index.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { MalwareScanner } from '../../platform/scanning/malware-scanner.js';
import type { ReceivedDocument } from './attachments.js';
import { DocumentEntity } from './persistence/document.entity.js';

/** Keeps agencies from documents in which malware is found: signatures learn of what they missed at the upload. */
@Injectable()
export class Quarantine {
  readonly #database: Database;
  readonly #scanner: MalwareScanner;
  readonly #ledger: Ledger;

  constructor(database: Database, scanner: MalwareScanner, ledger: Ledger) {
    this.#database = database;
    this.#scanner = scanner;
    this.#ledger = ledger;
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

  /** Its content stays, sealed: what was found may be a mistake, and the candidate decides when it goes. */
  async #lockAway(context: RequestContext, { id, candidate }: SealedDocument): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const documents = manager.getRepository(DocumentEntity);
      const { affected } = await documents.update({ id, status: 'available' }, { status: 'quarantined' });
      if (affected !== 1) return;
      const subjects = [{ candidate, fields: [] }];
      await this.#ledger.stage(manager, { action: 'document.quarantined', context, resource: id, subjects });
    });
  }
}
