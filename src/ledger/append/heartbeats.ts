import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { Logger } from '../../platform/logging/logger.js';
import type { Introduction } from '../entry/entry.js';
import { formatHeartbeat } from '../entry/heartbeat.js';
import type { Writer } from './writer.js';

const EVERY_MS = 1_000;

/** How far a stream is acknowledged. */
interface Pulse {
  readonly writer: Writer;
  readonly introduction: Introduction;
  readonly n: number;
  readonly digest: Buffer;
  readonly isClosed: boolean;
}

/**
 * Writes each stream's heartbeat to a file that the sequencer can read and a database administrator cannot change.
 * It is evidence beside the record, not the record: a folder that cannot be written to is an alarm in the log.
 */
@Injectable()
export class Heartbeats {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #pulses = new Map<string, Pulse>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(settings: Settings, clock: Clock, logger: Logger) {
    this.#folder = settings.ledger.heartbeatDirectory;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Within a second it is in the file. */
  record(pulse: Pulse): void {
    this.#pulses.set(pulse.writer.id, pulse);
    this.#timer ??= setInterval(() => void this.#flush(), EVERY_MS).unref();
  }

  /** Writes what is outstanding. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#flush();
  }

  /** One after the other, so that an older one never replaces a newer one. */
  #flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    const pulses = [...this.#pulses.values()];
    this.#pulses.clear();
    try {
      for (const pulse of pulses) await this.#write(pulse);
      this.#isFailing = false;
    } catch (error) {
      for (const pulse of pulses) {
        if (!this.#pulses.has(pulse.writer.id)) this.#pulses.set(pulse.writer.id, pulse);
      }
      if (!this.#isFailing) this.#logger.fault('heartbeats cannot be written', error);
      this.#isFailing = true;
    }
  }

  async #write({ writer, introduction, n, digest, isClosed }: Pulse): Promise<void> {
    const heartbeat = {
      introduction,
      n,
      last: digest.toString('base64url'),
      at: this.#clock.now().toISOString(),
      closed: isClosed,
    };
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, writer.id);
    await writeFile(
      `${path}.tmp`,
      formatHeartbeat(heartbeat, (bytes) => writer.signBytes(bytes)),
      { mode: 0o600 },
    );
    await rename(`${path}.tmp`, `${path}.json`);
  }
}
