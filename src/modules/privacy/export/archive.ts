import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** One file of an archive, whose content is read when its turn has come. */
export interface ArchiveEntry {
  readonly path: string;
  /** Not for what is compressed already. */
  readonly compress: boolean;
  readonly content: () => AsyncIterable<Uint8Array | string>;
}

/**
 * A ZIP archive as a stream, in constant memory: each file is read as fast as the receiver takes it, and the next is
 * asked for when it has ended. When a file fails, or the receiver goes, everything is let go of and the archive has no
 * end, which every program notices.
 */
export function archiveOf(entries: AsyncIterable<ArchiveEntry>, at: Date): Readable {
  const zip = new ZipFile();
  const output = new PassThrough();
  const leaving = new AbortController();
  let source: Readable | undefined;
  const breakOff = (error: unknown): void => {
    output.destroy(error instanceof Error ? error : new Error('The archive broke off.', { cause: error }));
  };
  output.once('close', () => {
    leaving.abort();
    source?.destroy();
  });
  zip.once('error', breakOff);
  zip.outputStream.pipe(output);

  const add = async ({ path, compress, content }: ArchiveEntry): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    zip.addReadStreamLazy(path, { compress, mtime: at, mode: 0o100600 }, (give) => {
      source = Readable.from(content(), { objectMode: false });
      finished(source).then(resolve, reject);
      give(null, source);
    });
    return promise;
  };
  const fill = async (): Promise<void> => {
    for await (const entry of entries) {
      leaving.signal.throwIfAborted();
      await add(entry);
    }
    zip.end();
  };
  fill().catch(breakOff);
  return output;
}
