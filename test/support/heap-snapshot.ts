import { closeSync, fstatSync, openSync, readSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a process is started with, so that it writes a snapshot of its heap when it is sent SIGUSR2. Texts stand in it whole. */
export const SNAPSHOT_OPTIONS = [
  '--heapsnapshot-signal=SIGUSR2',
  '--heap-snapshot-string-limit=1000000',
] as const;

/** Of the file: the last text, and the end of the list of texts. Within a text the quotation mark would be escaped. */
const END = /[^\\]"\]\}$/;

/** A snapshot takes seconds. */
const PATIENCE_MS = 120_000;

/**
 * Has a process write a snapshot of its heap, after the garbage in it is collected.
 * @param folder where it does so: its working directory or `--diagnostic-dir`
 * @returns the file, complete; `undefined` where none comes within two minutes
 */
export function takeHeapSnapshot(pid: number, folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const watcher = watch(folder, { signal: AbortSignal.timeout(PATIENCE_MS) }, (_, name) => {
      if (name?.endsWith('.heapsnapshot') !== true || !isComplete(join(folder, name))) return;
      resolve(join(folder, name));
      watcher.close();
    });
    watcher.once('close', () => resolve(undefined));
    process.kill(pid, 'SIGUSR2');
  });
}

function isComplete(path: string): boolean {
  const file = openSync(path, 'r');
  const end = Buffer.alloc(4);
  readSync(file, end, 0, end.length, Math.max(0, fstatSync(file).size - end.length));
  closeSync(file);
  return END.test(end.toString('latin1'));
}

/** A text in the heap, and which node it is. */
export interface HeapText {
  readonly node: number;
  readonly text: string;
}

interface Meta {
  readonly node_fields: readonly string[];
  readonly node_types: readonly (string | readonly string[])[];
  readonly edge_fields: readonly string[];
  readonly edge_types: readonly (string | readonly string[])[];
}

interface Head {
  readonly meta: Meta;
  readonly node_count: number;
  readonly edge_count: number;
}

/** Rows of numbers, each with these fields. */
class Rows {
  readonly #numbers: Uint32Array;
  readonly #width: number;

  constructor(numbers: Uint32Array, width: number) {
    this.#numbers = numbers;
    this.#width = width;
  }

  get width(): number {
    return this.#width;
  }

  at(row: number, field: number): number {
    return this.#numbers[row * this.#width + field] ?? 0;
  }
}

/** Where V8 looks up equal texts; it holds none of them. */
const INTERNED = '(Internalized strings)';
const ROPE = 'concatenated string';
const TEXTS: ReadonlySet<string> = new Set(['string', 'sliced string', ROPE]);
const NOBODY = 0xff_ff_ff_ff;

/**
 * What a thief reads in a V8 heap snapshot: every text that is alive, and by what it is held. Ropes are put together;
 * the bytes of buffers are not part of a snapshot.
 */
export class HeapSnapshot {
  /** How many objects there are. */
  readonly size: number;
  readonly #nodes: Rows;
  readonly #edges: Rows;
  readonly #strings: readonly string[];
  readonly #nodeTypes: readonly string[];
  readonly #edgeTypes: readonly string[];
  readonly #node: { readonly type: number; readonly name: number };
  readonly #edge: { readonly type: number; readonly name: number; readonly to: number };
  /** The first edge of each node, and the end of the last. */
  readonly #firstEdge: Uint32Array;

  private constructor(
    { meta, node_count: size }: Head,
    nodes: Rows,
    edges: Rows,
    strings: readonly string[],
  ) {
    const { node_fields: ofNode, edge_fields: ofEdge } = meta;
    this.size = size;
    this.#nodes = nodes;
    this.#edges = edges;
    this.#strings = strings;
    this.#nodeTypes = namesOf(meta.node_types);
    this.#edgeTypes = namesOf(meta.edge_types);
    this.#node = { type: ofNode.indexOf('type'), name: ofNode.indexOf('name') };
    this.#edge = {
      type: ofEdge.indexOf('type'),
      name: ofEdge.indexOf('name_or_index'),
      to: ofEdge.indexOf('to_node'),
    };
    this.#firstEdge = new Uint32Array(size + 1);
    const count = ofNode.indexOf('edge_count');
    for (let node = 0, at = 0; node < size; node += 1) {
      at += nodes.at(node, count);
      this.#firstEdge[node + 1] = at;
    }
  }

  /** Read by parts: as one JavaScript text a snapshot may be longer than texts can be. */
  static async read(path: string): Promise<HeapSnapshot> {
    const file = await readFile(path);
    const after = (name: string, from: number): number => {
      const mark = `"${name}":`;
      const at = file.indexOf(mark, from);
      if (at === -1) throw new Error(`The snapshot has no ${name}.`);
      return at + mark.length;
    };
    const nodesAt = after('nodes', 0);
    const edgesAt = after('edges', nodesAt);
    const stringsAt = after('strings', edgesAt);
    const head: Head = JSON.parse(
      file.toString('utf8', after('snapshot', 0), nodesAt).replace(/,\s*"nodes":$/, ''),
    );
    const { node_fields: ofNode, edge_fields: ofEdge } = head.meta;
    const strings: readonly string[] = JSON.parse(
      file.toString('utf8', stringsAt, file.lastIndexOf(']') + 1),
    );
    return new HeapSnapshot(
      head,
      new Rows(numbersOf(file, nodesAt, head.node_count * ofNode.length), ofNode.length),
      new Rows(numbersOf(file, edgesAt, head.edge_count * ofEdge.length), ofEdge.length),
      strings,
    );
  }

  /** Every text, whole. */
  *texts(): Generator<HeapText> {
    for (let node = 0; node < this.size; node += 1)
      if (TEXTS.has(this.#typeOf(node))) yield { node, text: this.#textOf(node) };
  }

  /** By what a node is held, from the roots on; empty for what only weak references lead to. */
  heldBy(wanted: number): readonly string[] {
    const [from, by] = [new Uint32Array(this.size).fill(NOBODY), new Uint32Array(this.size)];
    const reached = [0];
    for (let next = 0; next < reached.length && from[wanted] === NOBODY; next += 1) {
      const node = reached[next] ?? 0;
      for (let edge = this.#firstEdge[node] ?? 0; edge < (this.#firstEdge[node + 1] ?? 0); edge += 1) {
        const to = this.#targetOf(edge);
        const isNew = to !== 0 && from[to] === NOBODY;
        if (!isNew || this.#edgeTypeOf(edge) === 'weak' || this.#nameOf(to) === INTERNED) continue;
        from[to] = node;
        by[to] = edge;
        reached.push(to);
      }
    }
    const path: string[] = [];
    for (let node = wanted; node !== 0; node = from[node] ?? 0) {
      const holder = from[node] ?? NOBODY;
      if (holder === NOBODY) return [];
      path.push(`${this.#typeOf(holder)} ${this.#nameOf(holder)} .${this.#edgeNameOf(by[node] ?? 0)}`);
    }
    return path.toReversed();
  }

  #textOf(node: number): string {
    const parts: string[] = [];
    const waiting = [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (this.#typeOf(next) !== ROPE) {
        parts.push(this.#nameOf(next));
        continue;
      }
      // The first part is taken next, so it goes on last.
      waiting.push(...this.#partsOf(next, 'second'), ...this.#partsOf(next, 'first'));
    }
    return parts.join('');
  }

  #partsOf(rope: number, part: string): readonly number[] {
    const [start = 0, end = 0] = [this.#firstEdge[rope], this.#firstEdge[rope + 1]];
    return Array.from({ length: end - start }, (_, at) => start + at)
      .filter((edge) => this.#edgeNameOf(edge) === part)
      .map((edge) => this.#targetOf(edge));
  }

  #targetOf(edge: number): number {
    return this.#edges.at(edge, this.#edge.to) / this.#nodes.width;
  }

  #edgeTypeOf(edge: number): string {
    return this.#edgeTypes[this.#edges.at(edge, this.#edge.type)] ?? '';
  }

  #edgeNameOf(edge: number): string {
    const named = this.#edges.at(edge, this.#edge.name);
    const isNumber = ['element', 'hidden'].includes(this.#edgeTypeOf(edge));
    return isNumber ? String(named) : (this.#strings[named] ?? '');
  }

  #typeOf(node: number): string {
    return this.#nodeTypes[this.#nodes.at(node, this.#node.type)] ?? '';
  }

  #nameOf(node: number): string {
    return this.#strings[this.#nodes.at(node, this.#node.name)] ?? '';
  }
}

const namesOf = ([names]: Meta['node_types']): readonly string[] => (Array.isArray(names) ? names : []);

/** So many numbers of a JSON array, as it stands in a file. */
function numbersOf(file: Buffer, start: number, count: number): Uint32Array {
  const read = new Uint32Array(count);
  const digitAt = (place: number): number => (file[place] ?? 0) - 48;
  let at = start;
  for (let index = 0; index < count; index += 1) {
    while (digitAt(at) < 0 || digitAt(at) > 9) at += 1;
    let value = 0;
    for (let digit = digitAt(at); digit >= 0 && digit <= 9; digit = digitAt((at += 1)))
      value = value * 10 + digit;
    read[index] = value;
  }
  return read;
}
