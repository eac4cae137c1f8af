import type { OriginHasher } from '../entry/origin-hasher.js';
import type { CosignedSink, EvidenceSource } from '../read/evidence-source.js';
import { cosignatureMark } from '../witness/cosignature-mark.js';
import type { Report } from './report.js';

/** That what witnesses have signed is still there: each is numbered, and marked with its number. */
export class CosignatureCheck {
  readonly #report: Report;
  readonly #source: EvidenceSource;
  readonly #hasher: OriginHasher;

  constructor(report: Report, source: EvidenceSource, hasher: OriginHasher) {
    this.#report = report;
    this.#source = source;
    this.#hasher = hasher;
  }

  async check(): Promise<void> {
    for (const sink of await this.#source.sinks()) await this.#sink(sink);
  }

  async #sink({ name, cosigned }: CosignedSink): Promise<void> {
    let next = 1;
    let covered = 0;
    const requireUpTo = (end: number, size: number): void => {
      if (end > next)
        this.#report.among(
          covered,
          Math.max(size, covered + 1),
          `${name} has cosigned, and not there any more is what is numbered ${next} to ${end - 1}`,
        );
    };
    for await (const kept of this.#source.cosignatures(name, cosigned)) {
      requireUpTo(kept.n, kept.size);
      next = kept.n + 1;
      const place = Math.max(kept.size - 1, 0);
      if (kept.mark !== (await cosignatureMark(this.#hasher, kept)))
        this.#report.bad(place, `the cosignature ${kept.n} of ${name} is not the one that was kept`);
      else if (!kept.hasCheckpoint)
        this.#report.bad(
          place,
          `the checkpoint under the cosignature ${kept.n} of ${name} is not there any more`,
        );
      covered = kept.size;
    }
    requireUpTo(cosigned + 1, covered);
  }
}
