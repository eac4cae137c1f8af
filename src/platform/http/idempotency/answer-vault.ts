import type { Actor, RequestContext } from '../../../kernel/context.js';

/** Seals kept answers under the subject they were given to. Implemented where keys and the ledger are known. */
export abstract class AnswerVault {
  /** @param row id of the row that will keep the answer */
  abstract seal(actor: Actor, row: string, answer: Buffer): Promise<Buffer>;
  /** Records that the answer is given once more, then opens it. */
  abstract open(context: RequestContext, row: string, sealed: Buffer): Promise<Buffer>;
}
