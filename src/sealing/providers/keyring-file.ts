import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, systemCode } from '../../kernel/errors.js';
import { parseOwn } from '../../kernel/json.js';

/** Whoever else may read the file may read everything. */
const FORBIDDEN_MODE = 0o077n;
const MASTER_KEY_BYTES = 32;

/** The file's content. */
interface KeyringFile {
  readonly current: number;
  /** Master keys by version, 32 bytes in base64. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The master keys as they stand in the file. */
export interface Keyring {
  readonly current: number;
  readonly masters: ReadonlyMap<number, KeyObject>;
}

export interface ReadKeyring extends Keyring {
  /** Differs as soon as the file has been replaced. */
  readonly stamp: string;
}

interface FileStats {
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly size: bigint;
}

const stampOf = ({ ino, mtimeNs, size }: FileStats): string => `${ino}/${mtimeNs}/${size}`;

/**
 * Creates a keyring with one master key, readable by its owner only.
 * @returns false when there is one already, which is left as it is
 */
export async function createLocalKeyring(path: string): Promise<boolean> {
  const key = createSecretKey(randomBytes(MASTER_KEY_BYTES));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = await writeBeside(path, { current: 1, masters: new Map([[1, key]]) });
  try {
    // A link never replaces an existing file, whoever creates it at the same moment.
    await link(temporary, path);
    await syncFolder(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** @returns what tells whether the file is still the one that was read */
export async function keyringStamp(path: string): Promise<string> {
  return stampOf(await stat(path, { bigint: true }));
}

/** @throws Failure `keys_unavailable` for a file that others can read or that holds no keyring */
export async function readKeyring(path: string): Promise<ReadKeyring> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat({ bigint: true });
    if ((stats.mode & FORBIDDEN_MODE) !== 0n) refuse('others can read the keyring: chmod 600');
    return { ...parse(await file.readFile('utf8')), stamp: stampOf(stats) };
  } finally {
    await file.close();
  }
}

/** Puts a keyring in the file's place: whoever reads sees the old one or the new one, also after a power cut. */
export async function replaceKeyring(path: string, keyring: Keyring): Promise<void> {
  const temporary = await writeBeside(path, keyring);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(path);
}

function parse(text: string): Keyring {
  const file = parseOwn<KeyringFile>(text);
  const masters = new Map(
    Object.entries(file.versions).map(([version, key]) => [
      Number(version),
      createSecretKey(Buffer.from(key, 'base64')),
    ]),
  );
  for (const master of masters.values()) {
    if (master.symmetricKeySize !== MASTER_KEY_BYTES) refuse('a master key has the wrong size');
  }
  if (!masters.has(file.current)) refuse('the keyring has no current key');
  return { current: file.current, masters };
}

async function writeBeside(path: string, { current, masters }: Keyring): Promise<string> {
  const versions = Object.fromEntries(
    [...masters].map(([version, key]) => [version, key.export().toString('base64')]),
  );
  const content: KeyringFile = { current, versions };
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** A new name survives a power cut only once its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  const folder: FileHandle = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refuse(privateDetail: string): never {
  throw new Failure('keys_unavailable', { privateDetail });
}
