import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import { writerMark } from '../entry/writer-mark.js';
import { isVerifierKey, openNote, parseCheckpoint } from '../merkle/index.js';
import { KeyFiles } from '../sequence/checkpoint-key.js';
import { StateFile } from '../sequence/state-file.js';
import { EvidenceSource, type SequencerNotes } from '../read/evidence-source.js';
import type { StoredCheckpoint } from '../read/ledger-leaf.js';
import { LedgerSource } from '../read/ledger-source.js';
import { CosignatureCheck } from './cosignature-check.js';
import { Report } from './report.js';
import type { IsOurs } from './stream-check.js';
import { type OpenCheckpoint, Verification } from './verification.js';

export interface VerifyOptions {
  /** Verifier keys; those of the sequencer's folder unless given. */
  readonly keys?: readonly string[];
  /** Folder of checkpoints that were kept earlier, one a file. */
  readonly kept?: string | undefined;
  readonly progress?: (done: number, total: number) => void;
}

export interface Verified {
  readonly report: Report;
  readonly size: number;
  readonly origin: string;
}

/** That nothing can be said about the ledger, and why: in one sentence. */
class CannotTell extends Error {
  override readonly name = 'CannotTell';
}

/** How long what is being committed or signed at this moment is waited for. */
const PATIENCE_MS = 5_000;
const POLL_MS = 100;

/** Verifies the whole ledger against its checkpoints, its writers' keys and whatever was kept outside the database. */
@Injectable()
export class LedgerVerifier {
  readonly #settings: Settings;
  readonly #hasher: OriginHasher;
  readonly #source: LedgerSource;
  readonly #evidence: EvidenceSource;

  constructor(settings: Settings, hasher: OriginHasher, source: LedgerSource, evidence: EvidenceSource) {
    this.#settings = settings;
    this.#hasher = hasher;
    this.#source = source;
    this.#evidence = evidence;
  }

  /** @throws CannotTell when there is no key, no checkpoint or no ledger to read */
  async verify({ keys, kept, progress }: VerifyOptions): Promise<Verified> {
    const { origin: log, stateDirectory } = this.#settings.ledger;
    const verifiers = keys ?? (await new KeyFiles(stateDirectory).verifiers());
    if (verifiers.length === 0) throw new CannotTell('There is no verifier key: give one with --key.');
    if (!verifiers.every(isVerifierKey)) throw new CannotTell('That is no verifier key.');
    const open = opener(verifiers);
    const report = new Report();
    const state = await new StateFile(stateDirectory).read();
    const notes = await this.#evidence.notes();
    const isOurs: IsOurs = async ({ mark, ...writer }) => mark === (await writerMark(this.#hasher, writer));
    const verification = new Verification(report, this.#source, open, isOurs, notes);
    const unopened = await expectKept(kept, open, verification, report);
    if (state !== undefined)
      verification.expect({ ...state, origin: `${log}/${state.epoch}` }, 'the state file');
    let newest = await this.#newest(Math.max(state?.size ?? 0, notes.head.size));
    let origin = await this.#take(newest, verification, progress);
    if (verification.lacksAnnouncement || verification.lacksAlarm) {
      // A month that was dropped meanwhile: that it goes was in the signed tree before it went. What was refused or
      // missed at the moment of the notes is told of in what is signed next.
      newest = await this.#newest(newest.size + (verification.lacksAlarm ? 1 : 0));
      origin = await this.#take(newest, verification, progress);
    }
    for (const stray of await this.#source.strayCheckpoints()) verification.expectStored(stray);
    await verification.finish(await this.#evidence.refused());
    requireHead(notes, newest, report);
    await new CosignatureCheck(report, this.#evidence, this.#hasher).check();
    await this.#requireTied(verification.wholeFrom, report);
    await this.#requireNoStray(newest.size, report);
    // They may be those of the tree that this one has replaced.
    if (report.count === 0 && unopened.length > 0)
      throw new CannotTell(`No key opens ${unopened.join(', ')}: give that of each kept checkpoint.`);
    return { report, size: newest.size, origin };
  }

  /** Takes what a checkpoint covers and is not taken yet. @returns the checkpoint's origin */
  async #take(
    newest: StoredCheckpoint,
    verification: Verification,
    progress: VerifyOptions['progress'],
  ): Promise<string> {
    const { size } = newest;
    const checkpoint = verification.expectNewest(newest);
    for await (const page of this.#source.pages(verification.size, size)) {
      await verification.take(page);
      progress?.(verification.size, size);
    }
    return checkpoint?.origin ?? 'unknown';
  }

  /** The newest checkpoint, once the one that is being published at this moment is there. */
  async #newest(size: number): Promise<StoredCheckpoint> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const newest = await this.#source.newest();
      if (newest !== undefined && (newest.size >= size || performance.now() > deadline)) return newest;
      if (performance.now() > deadline) throw new CannotTell('There is no checkpoint yet.');
      await pause(POLL_MS);
    }
  }

  /** Whose data was given must be known until an entry says that they were erased: they are to be told. */
  async #requireTied(from: Date, report: Report): Promise<void> {
    const untied = await this.#source.untied(from);
    if (untied !== undefined)
      report.bad(
        untied.first,
        `whose data it gave cannot be told: the tie was removed without an erasure (${untied.count} records)`,
      );
  }

  /** Behind the newest checkpoint there may be what is signed next; what is never signed does not belong there. */
  async #requireNoStray(size: number, report: Report): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    let covered = size;
    for (;;) {
      const stray = await this.#source.strayPlace(covered);
      if (stray === undefined) return;
      if (stray < 0 || performance.now() > deadline) {
        report.bad(stray, 'it is outside the tree');
        return;
      }
      await pause(POLL_MS);
      covered = (await this.#source.newest())?.size ?? covered;
    }
  }
}

/** Each key signs under one name, which is the checkpoint's origin. */
function opener(verifiers: readonly string[]): OpenCheckpoint {
  return (note) =>
    verifiers
      .map((verifier) => {
        const checkpoint = parseCheckpoint(openNote(note, verifier) ?? '');
        return checkpoint !== undefined && verifier.startsWith(`${checkpoint.origin}+`)
          ? checkpoint
          : undefined;
      })
      .find((checkpoint) => checkpoint !== undefined);
}

/** The head is moved before it is signed: it is never behind what was signed then, nor ahead of what is signed next. */
function requireHead({ head, signed }: SequencerNotes, newest: StoredCheckpoint, report: Report): void {
  if (isBefore(head, signed) || isBefore(newest, head))
    report.among(
      Math.min(head.size, newest.size),
      newest.size,
      `the head of the tree, of size ${head.size} and epoch ${head.epoch}, is not the one that was signed`,
    );
}

type Position = Pick<StoredCheckpoint, 'epoch' | 'size'>;

const isBefore = (a: Position, b: Position): boolean =>
  a.epoch < b.epoch || (a.epoch === b.epoch && a.size < b.size);

/** @returns the names of those that are checkpoints, and of none of the keys */
async function expectKept(
  folder: string | undefined,
  open: OpenCheckpoint,
  verification: Verification,
  report: Report,
): Promise<readonly string[]> {
  if (folder === undefined) return [];
  const unopened: string[] = [];
  for (const name of (await readdir(folder)).filter(isNoStamp)) {
    const note = await readFile(join(folder, name), 'utf8');
    const checkpoint = open(note);
    if (checkpoint !== undefined) verification.expectCopy(checkpoint, name);
    else if (isCheckpoint(note)) unopened.push(name);
    else report.notice(`${name} is no checkpoint and is not used`);
  }
  return unopened;
}

/** Time stamps lie beside the checkpoints that they are for. */
const isNoStamp = (name: string): boolean => !name.endsWith('.tsr');

const isCheckpoint = (note: string): boolean =>
  parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)) !== undefined;
