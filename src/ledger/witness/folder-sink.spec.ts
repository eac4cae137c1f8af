import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderSink } from './folder-sink.js';
import { type Publication, SinkObjects } from './sink.js';

const NAME = '000001-0000000000000042.note';

describe('the sink that is a folder', () => {
  let folder: string;
  let sink: FolderSink;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sceau-folder-'));
    sink = new FolderSink({ kind: 'folder', name: 'folder', path: join(folder, 'kept') });
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const publication = (note: string, size = 42): Publication => ({
    checkpoint: { epoch: 1, size, note, at: new Date(0) },
    known: 0,
    consistency: () => Promise.resolve([]),
  });
  const path = (): string => join(folder, 'kept', NAME);

  it('writes a file for each checkpoint that nobody is meant to write again', async () => {
    await sink.publish(publication('one\n'));
    await sink.publish(publication('two\n', 43));
    expect(await readdir(join(folder, 'kept'))).toEqual([NAME, '000001-0000000000000043.note']);
    expect(await readFile(path(), 'utf8')).toBe('one\n');
    expect((await stat(path())).mode & 0o777).toBe(0o444);
  });

  it('is content when the same one is there already', async () => {
    await sink.publish(publication('one\n'));
    await sink.publish(publication('one\n'));
    expect(await readFile(path(), 'utf8')).toBe('one\n');
  });

  it.each(['', 'on'])('finishes what a crash has cut short at “%s”', async (beginning) => {
    await sink.publish(publication('other\n', 41));
    await writeFile(path(), beginning);
    await sink.publish(publication('one\n'));
    expect(await readFile(path(), 'utf8')).toBe('one\n');
  });

  it.each(['two\n', 'one\nand more\n', 'onE\n'])('objects to another one: “%s”', async (there) => {
    await sink.publish(publication('other\n', 41));
    await writeFile(path(), there);
    await expect(sink.publish(publication('one\n'))).rejects.toThrow(new SinkObjects('fork'));
    expect(await readFile(path(), 'utf8')).toBe(there);
  });
});
