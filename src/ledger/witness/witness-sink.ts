import type { Clock } from '../../kernel/clock.js';
import type { WitnessSink as WitnessSettings } from '../../platform/config/sink-urls.js';
import { findCosignature, parseCosigner } from './cosignature.js';
import {
  type Acceptance,
  ANSWER_MS,
  type Objection,
  type Publication,
  type Sink,
  SinkObjects,
} from './sink.js';

const CONFLICT = 409;
const OBJECTIONS = new Map<number, Objection>([
  [400, 'refused'],
  [403, 'unknown_key'],
  [404, 'unknown_log'],
  [422, 'inconsistent'],
]);
/** A witness answers with a few lines. */
const MOST_CHARACTERS = 65_536;

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** A witness checks that each tree continues the one it last saw, and says so with its signature. */
export class WitnessSink implements Sink {
  readonly name: string;
  readonly #settings: WitnessSettings;
  readonly #clock: Clock;

  constructor(settings: WitnessSettings, clock: Clock) {
    this.name = settings.name;
    this.#settings = settings;
    this.#clock = clock;
  }

  async publish(publication: Publication): Promise<Acceptance> {
    const { checkpoint, known } = publication;
    let answer = await this.#submit(publication, known);
    if (answer.status === CONFLICT) {
      const theirs = sizeOf(answer);
      // Without a size, it has another tree of the very size; a larger one means that ours was rolled back.
      if (theirs === undefined || theirs > checkpoint.size || theirs === known) throw new SinkObjects('fork');
      answer = await this.#submit(publication, theirs);
    }
    if (answer.status === CONFLICT) throw new SinkObjects('fork');
    const objection = OBJECTIONS.get(answer.status);
    if (objection !== undefined) throw new SinkObjects(objection);
    if (answer.status !== 200) throw new Error(`The witness answers ${answer.status}.`);
    return { cosignature: this.#cosignature(answer.text, checkpoint.note) };
  }

  async #submit({ checkpoint, consistency }: Publication, old: number): Promise<Answer> {
    const hashes = old === 0 || old === checkpoint.size ? [] : await consistency(old);
    const lines = [`old ${old}`, ...hashes.map((hash) => hash.toString('base64')), '', checkpoint.note];
    const response = await fetch(`${this.#settings.url}/add-checkpoint`, {
      method: 'POST',
      body: lines.join('\n'),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await readLimited(response);
    return { status: response.status, type: response.headers.get('content-type'), text };
  }

  #cosignature(lines: string, note: string): string {
    const cosigner = parseCosigner(this.#settings.verifier);
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
    const found = cosigner && findCosignature(lines, text, cosigner, this.#clock.now());
    if (found === undefined) throw new SinkObjects('not_cosigned');
    return found;
  }
}

function sizeOf({ type, text }: Answer): number | undefined {
  const size = /^(0|[1-9]\d{0,15})\n$/.exec(text)?.[1];
  return type?.startsWith('text/x.tlog.size') === true && size !== undefined ? Number(size) : undefined;
}

async function readLimited({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const take = new WritableStream<Uint8Array>({
    write(part) {
      text += decoder.decode(part, { stream: true });
      if (text.length > MOST_CHARACTERS) throw new Error('The witness says too much.');
    },
  });
  await body?.pipeTo(take);
  return text;
}
