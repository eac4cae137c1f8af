import { SubjectKeys } from '../../../src/sealing/index.js';
import { readKeyring } from '../../../src/sealing/providers/keyring-file.js';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { valuesOf } from '../../integration/sealing/sealed-values.js';
import { HeapSnapshot, takeHeapSnapshot } from '../../support/heap-snapshot.js';
import type { Candidate } from '../population/candidate.ts';
import { Loot } from '../population/loot.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { askImpact, type Impact } from '../system/impact.ts';
import { fieldsNamed, namingOf } from '../system/naming.ts';
import { memoryOf } from '../system/process-memory.ts';
import type { Attempt, DrillRow } from './row.ts';
import { lookingOn, serve } from './served.ts';

/** So many keys it may hold: fewer than it has used. */
const CACHE = 2;
/** Before a version of the master key: no candidate's id begins so. */
const MASTER = 'master-';

export const a8: DrillRow = {
  id: 'A8',
  attacker: 'code execution in one API process',
  promise: 'what passes through, and what the keys in its cache open; nothing about anybody else in its heap',
  // By the key service's own log, which the file that the drill runs with has not.
  noticedWithinMs: null,
  noticedBy: null,
  async play(system) {
    const [, agency] = system.population.agencies;
    if (agency === undefined) throw new Error('There is a second agency.');
    const { url, process } = await system.startApi({ KEY_CACHE_SIZE: String(CACHE) });
    const since = new Date();
    const passed = await serve(system, url, agency);
    const served = passed.people;
    if (served.length <= CACHE + 1)
      throw new Error('Fewer were served than may be kept: nothing is bounded.');
    const heap = await inHeap(system, process.pid);
    const residue = await inMemory(system, process.pid);
    const attempts = [
      lookingOn(passed),
      ...(heap === undefined ? [] : [heap]),
      ...(residue === undefined
        ? []
        : [await byKeys(system, served, residue), byMasterKey(residue), leftOver(served, residue)]),
      ...notLookedInto(heap !== undefined, residue !== undefined),
    ];
    const obtained = new Loot();
    for (const attempt of attempts) obtained.addAll(attempt.obtained);
    // Of a break-in on a server nothing but the time is known: neither a client nor an agency has done anything.
    const impact = await askImpact(system, '--from', since.toISOString());
    return {
      attempts: [...attempts, knownByTime(impact, obtained)],
      noticedAfterMs: null,
      naming: namingOf(impact, obtained, passed.accesses),
    };
  },
};

/** The ledger says what was answered; whoever was inside has seen more of the same people, and that has to be said. */
function knownByTime(impact: Impact, obtained: Loot): Attempt {
  const [named, taken] = fieldsNamed(impact, obtained);
  return {
    tried: `the incident, of which nothing but the time is known: ${impact.affected.size} candidates named, and ${named} of the ${taken} fields obtained of them, ${impact.isLowerBound ? 'said to be a lower bound' : 'as if these were all'}`,
    obtained: new Loot(),
    breaches: impact.isLowerBound ? [] : ['The incident does not say that its fields are a lower bound.'],
  };
}

/** What could not be tried, said so. Where nothing could, nothing is known of the promise, and it does not hold. */
export function notLookedInto(isSnapshotTaken: boolean, isMemoryShown: boolean): readonly Attempt[] {
  const missing = [
    ...(isSnapshotTaken
      ? []
      : ['the texts that are alive in the process, of which no heap snapshot was taken']),
    ...(isMemoryShown
      ? []
      : [
          'keys of candidates, the master key and freed clear text in its memory, which this system does not show (/proc/PID/mem)',
        ]),
  ];
  if (missing.length === 0) return [];
  const isBlind = !isSnapshotTaken && !isMemoryShown;
  return [
    {
      tried: `not tried: ${missing.join('; ')}`,
      obtained: new Loot(),
      breaches: isBlind ? ['Nothing that the process holds could be looked into.'] : [],
    },
  ];
}

/**
 * Every text that is alive in the process once its requests are answered, none of which is about a person.
 * @returns `undefined` where no snapshot comes
 */
async function inHeap({ home, search }: DrilledSystem, pid: number): Promise<Attempt | undefined> {
  const file = await takeHeapSnapshot(pid, join(home, 'processes'));
  if (file === undefined) return undefined;
  const snapshot = await HeapSnapshot.read(file);
  const texts = [...snapshot.texts()];
  await rm(file);
  const obtained = search.inAnyForm(Buffer.from(texts.map(({ text }) => text).join('\n')));
  return {
    tried: `a heap snapshot of the process: ${texts.length} texts in ${snapshot.size} objects`,
    obtained,
    breaches: [
      ...(texts.length === 0 ? ['The heap snapshot holds no text: it is none.'] : []),
      ...(obtained.people.size === 0 ? [] : [`The heap holds ${obtained.describe()}.`]),
    ],
  };
}

/** What lies in the memory of the process, alive or freed and not written over. */
interface Residue {
  readonly mebibytes: number;
  /** Of how many candidates the key was looked for. */
  readonly sought: number;
  /** The candidates whose keys were found, and the versions of the master key. */
  readonly keys: ReadonlySet<string>;
  readonly texts: Loot;
}

/** In one pass: it is some hundred mebibytes. @returns `undefined` where the system shows nobody's memory */
async function inMemory(
  { app, environment, home, population, search }: DrilledSystem,
  pid: number,
): Promise<Residue | undefined> {
  const memory = await memoryOf(pid);
  if (memory === undefined) return undefined;
  const versions = await app
    .get(SubjectKeys, { strict: false })
    .find(population.candidates.map(({ id: subject }) => ({ subject })));
  const own = population.candidates.flatMap(({ id }, at) => {
    const key = versions[at]?.key.export();
    return key === undefined ? [] : [[id, key] as const];
  });
  const { masters } = await readKeyring(environment['KEYRING_PATH'] ?? join(home, 'keyring.json'));
  const master = Array.from(masters, ([version, key]) => [`${MASTER}${version}`, key.export()] as const);
  let bytes = 0;
  const counted = async function* counting(): AsyncGenerator<Buffer> {
    for await (const part of memory) {
      bytes += part.length;
      yield part;
    }
  };
  const { texts, others: keys } = await search.inParts(
    counted(),
    new Map<string, Buffer>([...own, ...master]),
  );
  return { mebibytes: Math.round(bytes / 1_048_576), sought: own.length, keys, texts };
}

/** The keys that lie in memory, each of which was looked for, and what they open. */
async function byKeys(
  { app, database, population, search }: DrilledSystem,
  served: readonly Candidate[],
  residue: Residue,
): Promise<Attempt> {
  const obtained = new Loot();
  const found = population.candidates.filter(({ id }) => residue.keys.has(id));
  for (const { id } of found)
    for (const { text } of await valuesOf(database, app, id)) obtained.addAll(search.inText(text ?? ''));
  const kept = served.slice(-CACHE);
  const beyond = found.filter((candidate) => !kept.includes(candidate));
  return {
    tried: `the key of each of ${residue.sought} candidates, looked for in ${residue.mebibytes} MiB of its memory: ${found.length} found, where ${served.length} were served and ${CACHE} may be kept`,
    obtained,
    breaches:
      beyond.length === 0
        ? []
        : [`The memory holds keys of ${beyond.length} candidate(s) who are not in its cache.`],
  };
}

/**
 * The master key: in the file beside the process here, and in a key service in production, which never lets it out. What
 * the drill runs with is the file, and so it is told and contradicts nothing.
 */
function byMasterKey({ keys }: Residue): Attempt {
  const isFound = [...keys].some((name) => name.startsWith(MASTER));
  return {
    tried: `the master key of the local keyring in that memory: ${isFound ? 'found' : 'not found'}; with Vault or a cloud’s key service it is in no process of the product`,
    obtained: new Loot(),
    breaches: [],
  };
}

/** What was freed and not written over: no part of the promise about the heap, and told as it is. */
function leftOver(served: readonly Candidate[], { texts: obtained }: Residue): Attempt {
  const numbers = new Set(served.map(({ person }) => person));
  const beyond = obtained.beyond((person) => numbers.has(person));
  return {
    tried: `clear text in the same memory, freed and not yet written over: ${obtained.people.size === 0 ? 'none' : obtained.describe()}`,
    obtained,
    breaches:
      beyond.people.size === 0 ? [] : [`The memory holds clear text of others: ${beyond.describe()}.`],
  };
}
