import { HASH_BYTES } from './hashes.js';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** That an entry is in a log, checkable offline (c2sp.org/tlog-proof). */
export interface TlogProof {
  readonly index: number;
  /** Inclusion proof, lowest hash first. */
  readonly hashes: readonly Buffer[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

export function formatProof({ index, hashes, checkpoint }: TlogProof): string {
  const lines = [HEADER, `index ${index}`, ...hashes.map((hash) => hash.toString('base64'))];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Extra data is not authenticated and not read. @returns `undefined` for anything that is no proof */
export function parseProof(text: string): TlogProof | undefined {
  const split = text.indexOf('\n\n');
  if (split < 0) return undefined;
  const [header, ...rest] = text.slice(0, split).split('\n');
  const [position = '', ...encoded] = rest[0]?.startsWith('extra ') ? rest.slice(1) : rest;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(position)?.[1];
  const hashes = encoded.map((line) => Buffer.from(line, 'base64'));
  const isExact = hashes.every(
    (hash, at) => hash.length === HASH_BYTES && hash.toString('base64') === encoded[at],
  );
  if (header !== HEADER || index === undefined || !isExact || !Number.isSafeInteger(Number(index)))
    return undefined;
  return { index: Number(index), hashes, checkpoint: text.slice(split + 2) };
}
