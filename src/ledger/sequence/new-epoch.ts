import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { Settings } from '../../platform/config/settings.js';
import { EntryPreparation } from '../append/entry-preparation.js';
import { stageEntries } from '../append/staging-statements.js';
import type { SignedEntry } from '../append/writer.js';
import type { CitedCheckpoint, EntryDraft } from '../entry/entry.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import { Frontier, HASH_BYTES } from '../merkle/index.js';
import { Alarms } from './alarms.js';
import { type Disagreement, TreeDisagrees } from './disagreement.js';
import { isElected, sequencerConnection } from './election.js';
import { readStaged, type StagedEntry } from './staged-entry.js';
import { nameOf, Tree } from './tree.js';
import { type TreeParts, treeParts } from './tree-parts.js';
import type { TreeHead } from './tree-store.js';

export interface OpenedEpoch {
  /** First line of its checkpoints. */
  readonly origin: string;
  /** Index of its first entry. */
  readonly index: number;
  /** Why the sequencer had refused to sign. */
  readonly disagreement: Disagreement;
  /** The newest that was signed before. */
  readonly cites: CitedCheckpoint;
}

/** A sequencer that refuses to sign competes once a second and leaves again at once. */
const ELECTION_PATIENCE_MS = 5_000;
const RETRY_MS = 100;

/** Begins a new epoch over a database that does not continue the tree that was signed: an operator's decision. */
@Injectable()
export class NewEpoch {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #hasher: OriginHasher;
  readonly #alarms: Alarms;

  constructor(settings: Settings, clock: Clock, hasher: OriginHasher, preparation: EntryPreparation) {
    this.#settings = settings;
    this.#clock = clock;
    this.#hasher = hasher;
    this.#alarms = new Alarms(clock, preparation);
  }

  /**
   * Its first entry cites the old checkpoint, so that the cut is there for everybody to see.
   * @param reason a code in snake_case
   * @throws Failure `conflict` when a sequencer is at work, the tree goes on as it was signed, or is not whole in itself
   */
  async open(context: RequestContext<SystemActor>, reason: string): Promise<OpenedEpoch> {
    const client = sequencerConnection(this.#settings.database.sequencerUrl);
    client.on('error', () => undefined);
    await client.connect();
    try {
      await waitForElection(client);
      const { ledger } = this.#settings;
      const parts = treeParts(client, client, ledger, this.#hasher, this.#clock, () => Promise.resolve());
      const disagreement = await disagreementOf(parts);
      return { ...(await this.#begin(parts, context, reason)), disagreement };
    } finally {
      await client.end();
    }
  }

  async #begin(
    parts: TreeParts,
    context: RequestContext<SystemActor>,
    reason: string,
  ): Promise<Omit<OpenedEpoch, 'disagreement'>> {
    const { store, staging, state, keys } = parts;
    const head = await store.head();
    const frontier = await wholeTree(parts, head);
    const before = await state.read();
    const cites = citation(parts.origin, before ?? head);
    const epoch = Math.max(before?.epoch ?? 0, head.epoch) + 1;
    const { signed, entry } = await this.#firstEntry({
      action: 'ledger.epoch_opened',
      context,
      reason,
      cites,
    });
    const { introduces } = entry.envelope;
    if (introduces === undefined) throw new Error('The first entry of an epoch introduces its writer.');
    if (!(await keys.isThere())) await keys.create();
    const nodes = frontier.append(entry.leaf);
    const next: TreeHead = { epoch, size: frontier.size, root: frontier.root() };
    await store.transaction(async () => {
      await staging.keepWriters([{ introduction: introduces, sequenced: entry.n, last: entry.digest }]);
      await stageEntries(staging.query, [signed]);
      await store.move(head.size, [entry]);
      await store.growTiles(nodes);
      await store.moveHead(head, next);
    });
    await state.write({ ...next, frontier: frontier.hashes });
    await Tree.open(parts);
    await store.keepCheckpoint(this.#clock.now());
    await store.declare(undefined);
    return { origin: nameOf(parts.origin, epoch), index: head.size, cites };
  }

  async #firstEntry(
    draft: EntryDraft,
  ): Promise<{ readonly signed: SignedEntry; readonly entry: StagedEntry }> {
    const [signed] = await this.#alarms.signed([draft]);
    if (signed === undefined) throw new Error('One draft makes one entry.');
    const entry = readStaged({ ...signed, entry_id: signed.entryId, n: String(signed.n), waited_ms: 0 });
    if (entry === undefined) throw new Error('An entry of ours is one by its form.');
    return { signed, entry };
  }
}

const citation = (origin: string, { epoch, size, root }: TreeHead): CitedCheckpoint => ({
  origin: nameOf(origin, epoch),
  size,
  root: root.toString('base64url'),
});

const refuse = (en: string, fr: string): Failure => new Failure('conflict', { detail: { en, fr } });

async function waitForElection(client: pg.Client): Promise<void> {
  const deadline = performance.now() + ELECTION_PATIENCE_MS;
  while (!(await isElected(client))) {
    if (performance.now() > deadline)
      throw refuse(
        'A sequencer is at work and signs: there is nothing that a new epoch would be for.',
        "Un séquenceur est à l'œuvre et signe : une nouvelle époque n'a pas lieu d'être.",
      );
    await pause(RETRY_MS);
  }
}

/** @throws Failure `conflict` when there is none */
async function disagreementOf(parts: TreeParts): Promise<Disagreement> {
  try {
    await Tree.open(parts);
  } catch (error) {
    if (!(error instanceof TreeDisagrees)) throw error;
    if (error.reason !== 'checkpoint_key_readable_by_others') return error.reason;
    throw refuse(
      'Others can read the signing key. Make it readable by its owner only (chmod 600): that is all that is wrong.',
      "D'autres peuvent lire la clé de signature. Rendez-la lisible par son seul propriétaire (chmod 600) : c'est tout ce qui ne va pas.",
    );
  }
  throw refuse(
    'The database continues the tree that was signed: there is nothing that a new epoch would be for.',
    "La base prolonge l'arbre signé : une nouvelle époque n'a pas lieu d'être.",
  );
}

/** The tree as its lowest tiles have it; the contents of old leaves may be dropped, their hashes never are. */
async function wholeTree({ store }: TreeParts, head: TreeHead): Promise<Frontier> {
  const frontier = Frontier.empty();
  for await (const hashes of store.lowestTiles()) {
    for (let at = 0; at < hashes.length && frontier.size < head.size; at += HASH_BYTES)
      frontier.append(hashes.subarray(at, at + HASH_BYTES));
  }
  if (frontier.size !== head.size || !frontier.root().equals(head.root))
    throw refuse(
      'The tree in the database is not whole in itself: restore the database first.',
      "L'arbre de la base n'est pas cohérent en lui-même : restaurez d'abord la base.",
    );
  return frontier;
}
