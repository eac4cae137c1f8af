import { Injectable } from '@nestjs/common';
import type { Actor, RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/errors.js';
import type { SubjectId } from '../kernel/ids.js';
import { Ledger } from '../ledger/index.js';
import { type Acknowledgement, type LedgerSettings, Settings } from '../platform/config/settings.js';
import { AnswerVault } from '../platform/http/idempotency/answer-vault.js';
import { asSealed, place, Sealer } from '../sealing/index.js';
import { Opener } from '../sealing/opening.js';
import { requireReceipt } from './open-dossiers.js';

/** The answer's bytes in base64, whatever they are. */
const ANSWER = place<string>()('platform_idempotency.answer');

/** Kept answers may repeat what a person told us, so they leave through the same door: recorded, then opened. */
@Injectable()
export class SealedAnswers extends AnswerVault {
  readonly #sealer: Sealer;
  readonly #opener: Opener;
  readonly #ledger: Ledger;
  readonly #settings: Settings;

  constructor(sealer: Sealer, opener: Opener, ledger: Ledger, settings: Settings) {
    super();
    this.#sealer = sealer;
    this.#opener = opener;
    this.#ledger = ledger;
    this.#settings = settings;
  }

  override seal(actor: Actor, row: string, answer: Buffer): Promise<Buffer> {
    return this.#sealer.seal(ANSWER, { subject: holderOf(actor).subject, row }, answer.toString('base64'));
  }

  /** @throws Failure `ledger_unavailable`, `sealed_value_unreadable` */
  override async open(context: RequestContext, row: string, sealed: Buffer): Promise<Buffer> {
    const holder = holderOf(context.actor);
    const draft = { action: 'answer.replayed', context, resource: row, ...holder.touched } as const;
    const receipt = await this.#ledger.append(draft, holder.acknowledgement(this.#settings.ledger));
    requireReceipt(receipt);
    const position = { subject: holder.subject, row };
    const [result] = await this.#opener.openMany([{ place: ANSWER, position, sealed: asSealed(sealed) }]);
    if (result?.ok === true && typeof result.value === 'string') return Buffer.from(result.value, 'base64');
    await this.#ledger.append({ ...draft, outcome: 'failed', reason: 'sealed_value_unreadable' }, 'staged');
    throw new Failure('sealed_value_unreadable');
  }
}

interface Holder {
  /** Under whose key the answer is sealed. */
  readonly subject: SubjectId;
  /** What the entry of a replay says besides. */
  readonly touched: Pick<Parameters<Ledger['append']>[0], 'subjects'>;
  readonly acknowledgement: (settings: LedgerSettings) => Acknowledgement;
}

function holderOf(actor: Actor): Holder {
  switch (actor.kind) {
    case 'candidate':
      return {
        subject: actor.candidateId,
        touched: { subjects: [{ candidate: actor.candidateId, fields: [] }] },
        acknowledgement: (settings) => settings.acknowledgement.candidate,
      };
    case 'auditor':
    case 'operator':
      return {
        subject: actor.accountId,
        touched: {},
        acknowledgement: (settings) => settings.acknowledgement.staff,
      };
    case 'agency':
      return {
        subject: actor.agencyId,
        touched: {},
        acknowledgement: (settings) => settings.acknowledgement.agency,
      };
    case 'anonymous':
    case 'system':
      throw new Error('Only a known caller has kept answers.');
  }
}
