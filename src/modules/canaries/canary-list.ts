import { Injectable } from '@nestjs/common';
import { Canaries } from '../../disclosure/index.js';
import type { RequestContext } from '../../kernel/context.js';
import { Ledger } from '../../ledger/index.js';
import { type ApplicationIds, ApplicationsAtLarge } from '../applications/index.js';

/** Which applications are canaries': nothing says so but the key, so all of them are looked at. */
@Injectable()
export class CanaryList {
  readonly #applications: ApplicationsAtLarge;
  readonly #canaries: Canaries;
  readonly #ledger: Ledger;

  constructor(applications: ApplicationsAtLarge, canaries: Canaries, ledger: Ledger) {
    this.#applications = applications;
    this.#canaries = canaries;
    this.#ledger = ledger;
  }

  /** @throws Failure `ledger_unavailable`, `keys_unavailable` */
  async read(context: RequestContext): Promise<readonly ApplicationIds[]> {
    const found: ApplicationIds[] = [];
    for await (const page of this.#applications.pages()) {
      const canaries = await this.#canaries.of(page.map(({ candidate }) => candidate));
      found.push(...page.filter(({ candidate }) => canaries.has(candidate)));
    }
    await this.#ledger.append({ action: 'canary.listed', context, count: found.length }, 'staged');
    return found;
  }
}
