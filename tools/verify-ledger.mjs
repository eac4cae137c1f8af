import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readExport } from './verify-ledger/export.mjs';
import { readLog } from './verify-ledger/log.mjs';
import { readCheckpoint, readVerifier } from './verify-ledger/notes.mjs';
import { objectionToProof } from './verify-ledger/proofs.mjs';
import { Report } from './verify-ledger/report.mjs';
import { Verification } from './verify-ledger/verification.mjs';

const USAGE = `Usage: node tools/verify-ledger.mjs SOURCE --key KEY [--kept FOLDER] [--token TOKEN]
       node tools/verify-ledger.mjs FILE --proofs --key KEY

Verifies a ledger without its database, with nothing but Node.

SOURCE   an export (NDJSON, - for standard input), or the URL below which the log has its tiles
FILE     one {"entry": BASE64, "proof": "c2sp.org/tlog-proof@v1..."} a line
KEY      the verifier key, or a file with one a line; may be given more than once
FOLDER   checkpoints that were kept earlier, one a file: what they cover must still be there, unchanged
TOKEN    for a log that gives its entries to auditors only

Exit code 0: nothing is wrong. 1: something was changed. 2: it cannot be told.
`;

const EXIT = { clean: 0, tampered: 1, unknown: 2 };

/** That nothing can be said, and why. */
class CannotTell extends Error {}

const say = (line) => process.stdout.write(`${line}\n`);

async function verifiersFrom(keys) {
  const texts = await Promise.all(keys.map((key) => (key.includes('+') ? key : readFile(key, 'utf8'))));
  const verifiers = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '')
    .map(readVerifier);
  if (verifiers.length === 0 || verifiers.includes(undefined))
    throw new CannotTell('That is no verifier key.');
  return verifiers;
}

/** @returns what the keys open, and the names of checkpoints that they do not */
async function keptIn(folder, verifiers, report) {
  const kept = [];
  const unopened = [];
  for (const name of folder === undefined ? [] : await readdir(folder)) {
    // A time stamp, which lies beside the checkpoint that it is for.
    if (name.endsWith('.tsr')) continue;
    const checkpoint = readCheckpoint(await readFile(join(folder, name), 'utf8'), verifiers);
    if (checkpoint === undefined) report.notice(`${name} is no checkpoint and is not used`);
    else if (checkpoint.isSigned) kept.push({ checkpoint, where: name });
    else unopened.push(name);
  }
  return { kept, unopened };
}

async function verifyLedger(source, { key, kept, token }) {
  const report = new Report();
  const verifiers = await verifiersFrom(key);
  const outside = await keptIn(kept, verifiers, report);
  const isLog = /^https?:/.test(source);
  const verification = new Verification(report, verifiers, outside.kept, { isLog });
  const lines = isLog ? readLog(source, token, report) : readExport(source);
  const progress = progressOf(verification);
  for await (const line of lines) {
    verification.take(line);
    progress();
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  report.lines().forEach(say);
  if (!report.isClean) {
    const { first, last } = report.firstBad;
    say(`TAMPERED: the first bad entry is ${first === last ? first : `between ${first} and ${last}`}.`);
    return EXIT.tampered;
  }
  if (verification.newest === undefined) throw new CannotTell('The export ends before its last line.');
  // They may be those of the tree that this one has replaced.
  if (outside.unopened.length > 0)
    throw new CannotTell(`No key opens ${outside.unopened.join(', ')}: give that of each kept checkpoint.`);
  say(`Verified: ${verification.size} entries, ${verification.newest.origin}.`);
  return EXIT.clean;
}

function progressOf(verification) {
  let shown = 0;
  return () => {
    if (!process.stderr.isTTY || performance.now() - shown < 100) return;
    shown = performance.now();
    process.stderr.write(`\r\u001B[K${verification.size} entries`);
  };
}

async function verifyProofs(file, { key }) {
  const verifiers = await verifiersFrom(key);
  let count = 0;
  let wrong = 0;
  for await (const { entry, proof } of readExport(file)) {
    count += 1;
    const objection = objectionToProof(proof, Buffer.from(entry, 'base64'), verifiers);
    if (objection === undefined) continue;
    wrong += 1;
    say(`BAD  proof ${count}: ${objection}`);
  }
  if (count === 0) throw new CannotTell('There are no proofs.');
  say(`${count - wrong} of ${count} proofs hold.`);
  return wrong === 0 ? EXIT.clean : EXIT.tampered;
}

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      key: { type: 'string', multiple: true },
      kept: { type: 'string' },
      token: { type: 'string' },
      proofs: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (positionals.length !== 1 || values.key === undefined) throw new CannotTell(USAGE);
  return values.proofs ? verifyProofs(positionals[0], values) : verifyLedger(positionals[0], values);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.unknown;
}
