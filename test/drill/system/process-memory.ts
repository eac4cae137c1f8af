import { type FileHandle, open, readFile } from 'node:fs/promises';

/** A range of addresses that a process may write to. */
const WRITABLE = /^([0-9a-f]+)-([0-9a-f]+) rw\S+ \S+ \S+ \S+ *(.*)$/gm;
const PIECE = 16 * 1_024 * 1_024;
const PAGE = 4_096;

/**
 * All that a process could write to, as a debugger reads it: heaps, buffers, stacks, and what was freed and has not been
 * written over yet. Pages in which nothing stands are left out.
 * @returns parts that overlap by a page, each good until the next one is asked for; `undefined` where the system shows
 *   nobody's memory (only Linux does, and not in every container)
 */
export async function memoryOf(pid: number): Promise<AsyncIterable<Buffer> | undefined> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => undefined);
  const memory = await open(`/proc/${pid}/mem`).catch(() => undefined);
  return maps === undefined || memory === undefined ? undefined : partsOf(maps, memory);
}

async function* partsOf(maps: string, memory: FileHandle): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafeSlow(PIECE);
  try {
    for (const [, from = '', to = '', name = ''] of maps.matchAll(WRITABLE)) {
      if (name.startsWith('[v')) continue;
      const [start, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
      for (let at = start; at < end; at += PIECE - PAGE) {
        const length = Math.min(PIECE, end - at);
        const { bytesRead } = await memory.read(piece, 0, length, at).catch(() => ({ bytesRead: 0 }));
        yield piece.subarray(0, closedUp(piece, bytesRead));
        if (length < PIECE) break;
      }
    }
  } finally {
    await memory.close();
  }
}

const EMPTY = Buffer.alloc(PAGE);

/** Moves together the pages in which anything stands. @returns how many bytes they are */
function closedUp(piece: Buffer, length: number): number {
  let kept = 0;
  for (let at = 0; at + PAGE <= length; at += PAGE) {
    if (piece.compare(EMPTY, 0, PAGE, at, at + PAGE) === 0) continue;
    if (kept < at) piece.copyWithin(kept, at, at + PAGE);
    kept += PAGE;
  }
  return kept;
}
