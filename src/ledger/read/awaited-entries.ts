import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditorConnection } from './auditor-connection.js';

/** The sequencer takes less than a second, another one in its place a few. */
const PATIENCE_MS = 3_000;
const POLL_MS = 50;

/** What is on its way into the tree, and in no answer yet. */
@Injectable()
export class AwaitedEntries {
  readonly #auditor: AuditorConnection;

  constructor(auditor: AuditorConnection) {
    this.#auditor = auditor;
  }

  /** Waits for what is staged at this moment, up to three seconds. @returns how many entries have not arrived by then */
  async arrive(): Promise<number> {
    const [now] = await this.#auditor.query<{ at: string }>('SELECT clock_timestamp()::text AS at', []);
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const [left] = await this.#auditor.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM audit.awaited WHERE staged_at <= $1::timestamptz',
        [now?.at],
      );
      const count = left?.count ?? 0;
      if (count === 0 || performance.now() >= deadline) return count;
      await pause(POLL_MS);
    }
  }
}
