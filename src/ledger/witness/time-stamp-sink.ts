import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Randomness } from '../../kernel/randomness.js';
import type { TimeStampSink as TimeStampSettings } from '../../platform/config/sink-urls.js';
import { writeDurably } from '../sequence/state-file.js';
import { type Acceptance, ANSWER_MS, checkpointName, type Publication, type Sink } from './sink.js';
import { checkTimeStamp, NONCE_BYTES, nonceFrom, timeStampRequest } from './time-stamp.js';

const HOUR_MS = 3_600_000;
/** A stamp with its certificates has a few kilobytes. */
const MOST_BYTES = 65_536;

/**
 * An authority that stamps a checkpoint each hour. It keeps nothing: note and stamp are kept here, outside the database,
 * as `….note` and `….AUTHORITY.tsr`, to be checked with anything that knows RFC 3161.
 */
export class TimeStampSink implements Sink {
  readonly name: string;
  readonly restMs = HOUR_MS;
  readonly #settings: TimeStampSettings;
  readonly #folder: string;
  readonly #randomness: Randomness;

  constructor(settings: TimeStampSettings, folder: string, randomness: Randomness) {
    this.name = settings.name;
    this.#settings = settings;
    this.#folder = folder;
    this.#randomness = randomness;
  }

  async publish({ checkpoint }: Publication): Promise<Acceptance> {
    const note = Buffer.from(checkpoint.note);
    const nonce = nonceFrom(this.#randomness.bytes(NONCE_BYTES));
    const authorities = await readFile(this.#settings.authorities, 'utf8');
    const stamp = await this.#ask(timeStampRequest(note, nonce));
    await checkTimeStamp(stamp, { note, nonce, authorities });
    const path = join(this.#folder, checkpointName(checkpoint));
    await writeDurably(path, note, 0o644);
    await writeDurably(path.replace(/note$/, `${this.#authority}.tsr`), stamp, 0o644);
    return {};
  }

  get #authority(): string {
    return this.#settings.url.replace(/^https?:\/\//, '').replaceAll(/[^\w.-]+/g, '_');
  }

  async #ask(request: Buffer): Promise<Buffer> {
    const { status, body } = await fetch(this.#settings.url, {
      method: 'POST',
      body: Uint8Array.from(request),
      headers: { 'content-type': 'application/timestamp-query' },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (status !== 200) {
      await body?.cancel();
      throw new Error(`The authority answers ${status}.`);
    }
    return readLimited(body);
  }
}

async function readLimited(body: ReadableStream<Uint8Array> | null): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const take = new WritableStream<Uint8Array>({
    write(part) {
      bytes += part.length;
      if (bytes > MOST_BYTES) throw new Error('The authority says too much.');
      parts.push(part);
    },
  });
  await body?.pipeTo(take);
  return Buffer.concat(parts);
}
