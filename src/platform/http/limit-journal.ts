import type { RequestContext } from '../../kernel/context.js';

/** Told of every limit that is reached. This room knows no ledger; the composition root says where it goes. */
export abstract class LimitJournal {
  /** @param name of the policy, a code in snake_case */
  abstract reached(name: string, context: RequestContext): Promise<void>;
}
