import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafHash, rootOf } from '../../../src/ledger/merkle/index.js';
import { verifyAlone } from '../../integration/ledger/oracles.js';
import { record } from '../../support/actors.js';
import type { DrilledSystem } from './drilled-system.ts';

/** What was given of one person, by how many entries, and from when to when. */
export interface Given {
  readonly entries: number;
  /** In milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** None where all that is held was given. */
  readonly fields: ReadonlySet<string>;
}

export interface ProvenEntries {
  readonly count: number;
  /** By pseudonym, as the entries themselves say it. */
  readonly given: ReadonlyMap<string, Given>;
  /** Which of them are not proven, a sentence each. */
  readonly objections: readonly string[];
}

/** Actions that give everything held, and name no field. */
const WITHOUT_FIELDS: readonly unknown[] = ['candidate.exported', 'answer.replayed'];

/** Has every entry of an incident written out with its proof, and checks each with the standalone verifier. */
export async function provenEntries(system: DrilledSystem, incident: string): Promise<ProvenEntries> {
  const folder = await mkdtemp(join(tmpdir(), 'sceau-drill-proofs-'));
  try {
    const { code, output } = await system.command('incident', 'impact', incident, '--out', folder);
    const file = join(folder, 'entries.ndjson');
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    const entries = lines.map((line) => entryOf(line));
    const key = join(system.home, 'ledger', 'checkpoint-key.vkey');
    const verdict =
      entries.length === 0 ? { code: 0, output } : await verifyAlone(file, '--proofs', '--key', key);
    const loose = entries.filter(({ areRecordsIts }) => !areRecordsIts).length;
    return {
      count: entries.length,
      given: givenBy(entries),
      objections: [
        ...(code === 0 ? [] : [`The proofs are handed out with a complaint: ${lastLine(output)}`]),
        ...(verdict.code === 0 ? [] : [`The standalone verifier says: ${lastLine(verdict.output)}`]),
        ...(loose === 0 ? [] : [`Of ${loose} entries the records are not those that the entry is over.`]),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? '';

interface Entry {
  readonly at: number;
  readonly action: unknown;
  readonly records: readonly { readonly subject: string; readonly fields: readonly string[] }[];
  readonly areRecordsIts: boolean;
}

function entryOf(line: string): Entry {
  const { entry, subjects } = record(JSON.parse(line));
  const { at, action, subjectsRoot } = record(
    JSON.parse(Buffer.from(String(entry), 'base64').toString('utf8')),
  );
  const parts = (Array.isArray(subjects) ? subjects : []).map(record);
  const hashes = parts.map(({ record: bytes, hash }) =>
    typeof bytes === 'string' ? leafHash(Buffer.from(bytes, 'base64')) : Buffer.from(String(hash), 'base64'),
  );
  const records = parts.flatMap(({ record: bytes }) => {
    if (typeof bytes !== 'string') return [];
    const { subject, fields } = record(JSON.parse(Buffer.from(bytes, 'base64').toString('utf8')));
    return [{ subject: String(subject), fields: Array.isArray(fields) ? fields.map(String) : [] }];
  });
  return {
    at: Date.parse(String(at)),
    action,
    records,
    areRecordsIts: rootOf(hashes).toString('base64url') === subjectsRoot,
  };
}

function givenBy(entries: readonly Entry[]): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  for (const { at, action, records } of entries) {
    const isWhole = WITHOUT_FIELDS.includes(action);
    const told = records.filter(({ fields }) => isWhole || fields.length > 0);
    for (const [subject, own] of Map.groupBy(told, (one) => one.subject)) {
      const before = given.get(subject) ?? { entries: 0, first: at, last: at, fields: new Set<string>() };
      given.set(subject, {
        entries: before.entries + 1,
        first: Math.min(before.first, at),
        last: Math.max(before.last, at),
        fields: before.fields.union(new Set(own.flatMap(({ fields }) => fields))),
      });
    }
  }
  return given;
}
