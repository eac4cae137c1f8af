import { type Cell, cellsOf, serverFiles } from '../../support/copy.js';
import { findAll } from '../../support/needles.ts';
import { pgDump } from '../../support/pg-dump/pg-dump.js';
import { Loot } from '../population/loot.ts';
import type { Search } from '../population/search.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { storedDocuments } from '../system/stored-documents.ts';
import { keyedGuesses, sameElsewhere } from './guessed-addresses.ts';
import type { Attempt, DrillRow } from './row.ts';

/** Tables in which what logs somebody in would lie. */
const CREDENTIALS =
  /^(?:identity\.(?:session|ticket|recovery|registration_request|pending_\w+)|oauth\.record)$/;
/** So many values are presented: who presents more is turned away before they are looked at. */
const PRESENTED = 25;

export const a1: DrillRow = {
  id: 'A1',
  attacker: 'a copy of the database: a dump, a replica, a backup, an injection that reads everything',
  promise: 'no personal field, no secret that logs anyone in, no way to confirm a guessed e-mail address',
  noticedWithinMs: null,
  noticedBy: null,
  async play(system) {
    const { search, database } = system;
    const { sql, version } = await pgDump(database);
    const files = await serverFiles(database);
    const cells = await cellsOf(database);
    const documents = await storedDocuments(system);
    const kept = Buffer.concat([...documents]);
    const stored = search.inBytes(kept);
    const [dumped, filed] = [search.inBytes(sql), search.inBytes(files.database)];
    const confirmed = new Loot();
    for (const found of [dumped, filed, stored]) confirmed.addAll(found.confirmed);
    return {
      attempts: [
        searched(
          `pg_dump ${version} of the whole database (${mebibytes(sql)}), for all that ${search.people} people have told: in clear, hex, base64, UTF-16, reversed`,
          dumped.clear,
        ),
        searched(
          `the same in the server’s own files (${mebibytes(files.database)}), indexes and what was removed included`,
          filed.clear,
        ),
        inStore(documents, kept, stored.clear, search),
        // Where the server has other databases too, their log is not ours to look at.
        ...(system.isPatient
          ? [searched(`the write-ahead log (${mebibytes(files.log)})`, search.inBytes(files.log).clear)]
          : []),
        searched(
          `what is neither sealed nor text of ${cells.length} values, unpacked by gzip, zlib, deflate and Brotli`,
          search.inCompressed(cells.map(({ value }) => value)),
        ),
        searched(
          'addresses, names, numbers and passwords guessed right and confirmed by MD5, SHA-1, SHA-256 or SHA-512',
          confirmed,
        ),
        keyedGuesses(cells),
        await sameElsewhere(system, cells),
        crackable(sql),
        await presented(system, cells),
      ],
      noticedAfterMs: null,
      naming: null,
    };
  },
};

const mebibytes = (bytes: Buffer): string => `${Math.ceil(bytes.length / 1_048_576)} MiB`;

function searched(tried: string, obtained: Loot): Attempt {
  const breaches = obtained.people.size === 0 ? [] : [`Found: ${obtained.describe()}.`];
  return { tried: `${tried}: ${obtained.people.size} found`, obtained, breaches };
}

/** What lies beside the database: as it is, and unpacked. */
function inStore(documents: readonly Buffer[], kept: Buffer, clear: Loot, search: Search): Attempt {
  clear.addAll(search.inCompressed(documents));
  const attempt = searched(`the store of documents, ${documents.length} files (${mebibytes(kept)})`, clear);
  return documents.length === 0
    ? { ...attempt, breaches: ['There are no documents, so nothing was looked through.'] }
    : attempt;
}

function crackable(dump: Buffer): Attempt {
  const kinds = ['$argon2id$', '$argon2i$', '$2b$10$a', 'otpauth://'];
  // As they are, and as a dump writes bytes.
  const needles = kinds.flatMap((kind) => [
    [kind, Buffer.from(kind)] as const,
    [`${kind} in hex`, Buffer.from(Buffer.from(kind).toString('hex'))] as const,
  ]);
  const found = findAll(dump, new Map(needles));
  return {
    tried: `password hashes to crack and authenticator secrets to copy: ${found.length} found`,
    obtained: new Loot(),
    breaches: found.map((kind) => `The copy holds ${kind}.`),
  };
}

/** What lies where credentials are kept is shown to the API, as it is and in the ways in which tokens are written. */
async function presented({ url, search }: DrilledSystem, cells: readonly Cell[]): Promise<Attempt> {
  const values = cells.filter(({ table }) => CREDENTIALS.test(table)).slice(0, PRESENTED);
  const obtained = new Loot();
  let served = 0;
  for (const { value } of values)
    for (const token of [value.toString('base64url'), value.toString('hex')])
      for (const [scheme, path] of [
        ['Bearer', '/v1/me/profile'],
        ['DPoP', '/v1/agency/applications'],
      ] as const) {
        const authorization = `${scheme} ${token.slice(0, 4_000)}`;
        const answer = await fetch(`${url}${path}`, { headers: { authorization } });
        obtained.addAll(search.inText(await answer.text()));
        if (answer.ok) served += 1;
      }
  return {
    tried: `${values.length} stored values of sessions, links and tokens, presented as tokens in two ways each: ${served} accepted`,
    obtained,
    breaches: served === 0 ? [] : [`${served} stored values are tokens.`],
  };
}
