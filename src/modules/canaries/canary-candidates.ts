import { Injectable } from '@nestjs/common';
import { Canaries } from '../../disclosure/index.js';
import type { CandidateId } from '../../kernel/ids.js';
import { ApplicationsAtLarge } from '../applications/index.js';

/** Which candidates are canaries, for whoever has to count people. */
@Injectable()
export class CanaryCandidates {
  readonly #canaries: Canaries;
  readonly #applications: ApplicationsAtLarge;

  constructor(canaries: Canaries, applications: ApplicationsAtLarge) {
    this.#canaries = canaries;
    this.#applications = applications;
  }

  /** @throws Failure `keys_unavailable` */
  async among(candidates: readonly CandidateId[]): Promise<ReadonlySet<CandidateId>> {
    const possible = await this.#canaries.possible(candidates);
    if (possible.length === 0) return new Set();
    const found = await this.#canaries.among(await this.#applications.of(possible));
    return new Set(found.map(({ candidate }) => candidate));
  }
}
