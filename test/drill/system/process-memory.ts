import { open, readFile } from 'node:fs/promises';

/** A range of addresses that a process may write to. */
const WRITABLE = /^([0-9a-f]+)-([0-9a-f]+) rw\S+ \S+ \S+ \S+ *(.*)$/gm;
const PIECE = 64 * 1_024 * 1_024;
const PAGE = 4_096;

/**
 * All that a process could write to, as a debugger reads it: heaps, buffers, stacks, and what was freed and has not been
 * written over yet. Pages that nobody has touched are left out.
 * @returns `undefined` where the system shows nobody's memory (only Linux does, and not in every container)
 */
export async function memoryOf(pid: number): Promise<Buffer | undefined> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => undefined);
  const memory = await open(`/proc/${pid}/mem`).catch(() => undefined);
  if (maps === undefined || memory === undefined) return undefined;
  const pieces: Buffer[] = [];
  try {
    for (const [, from = '', to = '', name = ''] of maps.matchAll(WRITABLE)) {
      if (name.startsWith('[v')) continue;
      const end = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < end; at += PIECE) {
        const piece = Buffer.alloc(Math.min(PIECE, end - at));
        const { bytesRead } = await memory.read(piece, 0, piece.length, at).catch(() => ({ bytesRead: 0 }));
        pieces.push(...written(piece.subarray(0, bytesRead)));
      }
    }
  } finally {
    await memory.close();
  }
  return Buffer.concat(pieces);
}

const EMPTY = Buffer.alloc(PAGE);

/** The pages in which anything stands, neighbours together. */
function written(piece: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at <= piece.length; at += PAGE) {
    const isEmpty = at >= piece.length || piece.compare(EMPTY, 0, PAGE, at, at + PAGE) === 0;
    if (!isEmpty) continue;
    if (at > from) parts.push(piece.subarray(from, at));
    from = at + PAGE;
  }
  return parts;
}
