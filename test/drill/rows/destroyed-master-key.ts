import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { record } from '../../support/actors.js';
import { findAll, wrappingsOf } from '../../support/needles.js';
import { Loot } from '../population/loot.ts';
import { filesBelow } from '../system/files.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import type { Attempt } from './row.ts';

const BYTES = 32;

/** The first version of the master key, as it stands in the file before it is destroyed. */
export async function masterKeyOf({ home }: Pick<DrilledSystem, 'home'>): Promise<Buffer> {
  const { versions } = record(JSON.parse(await readFile(join(home, 'keyring.json'), 'utf8')));
  const key = Buffer.from(String(record(versions)['1']), 'base64');
  if (key.length !== BYTES) throw new Error('The keyring has no first version of the master key.');
  return key;
}

/** The destroyed key in all that the installation keeps, its keyring first: under whichever name, and in any notation. */
export async function leftInFiles({ home }: Pick<DrilledSystem, 'home'>, master: Buffer): Promise<Attempt> {
  const files = await filesBelow(home);
  const needles = new Map(wrappingsOf('the key', master));
  const found = files.filter(({ content }) => findAll(content, needles).length > 0);
  const hasKeyring = files.some(({ name }) => name === join(home, 'keyring.json'));
  return {
    tried: `the destroyed master key itself, looked for in keyring.json and all ${files.length} files of the installation: in ${found.length} of them`,
    obtained: new Loot(),
    breaches: [
      ...(hasKeyring ? [] : ['There is no keyring.json, so nothing was looked through.']),
      ...found.map(({ name }) => `The destroyed master key stands in ${name.slice(home.length + 1)}.`),
    ],
  };
}
