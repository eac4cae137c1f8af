import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Frontier, leafHash } from '../../../src/ledger/merkle/index.js';
import { type Acknowledged, LedgerChild } from './child.js';
import { eventually, LedgerFixture } from './fixture.js';
import { type Proven, proofsHold, requireInclusion } from './oracles.js';

const SEED = 20_261_123;
const APPENDERS = 4;
const SEQUENCERS = 3;
const KILLS = 10;
const ANSWERS = 150;
/** More entries than three batches hold. */
const QUEUE = 13_000;

/** The steps of a batch, in their order. */
const STEPS = [
  'before the insertion',
  'after the insertion',
  'after the move of the head',
  'before the state file',
  'half of the state file',
  'after the state file',
  'after the publication',
  'after the keeping of the checkpoint',
];

/** Numbers from 0 to below 1, the same ones every time (Lehmer, MINSTD). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

describe('processes that are killed', () => {
  const fixture = new LedgerFixture();
  const children = new Set<LedgerChild>();
  const start = async () => {
    const child = await LedgerChild.start(fixture.settings);
    children.add(child);
    return child;
  };
  const startSequencing = async () => {
    const child = await start();
    child.sequence();
    return child;
  };
  const elect = async (child: LedgerChild) => {
    const elected = child.elected();
    child.sequence();
    expect(await elected).toBe(true);
    return child;
  };
  const startElected = async () => elect(await start());
  afterEach(async () => {
    for (const child of children) child.signal('SIGKILL');
    await Promise.all([...children].map((child) => child.gone));
    children.clear();
  });

  const verifier = () => readFile(join(fixture.stateDirectory, 'checkpoint-key.vkey'), 'utf8');
  const stateSize = async (): Promise<number> =>
    JSON.parse(await readFile(join(fixture.stateDirectory, 'tree-state.json'), 'utf8'))['size'];

  /** Everything that was ever promised, held against what is there. */
  async function requireOrder(acknowledged: readonly Acknowledged[]): Promise<void> {
    const leaves = await fixture.database.query<{ index: number; id: string; envelope: Buffer }>(
      `SELECT l.leaf_index::integer AS index, e.entry_id::text AS id, l.envelope
       FROM audit.leaf l JOIN audit.entry e USING (leaf_index) ORDER BY l.leaf_index`,
    );
    expect(leaves.map(({ index }) => index)).toEqual(leaves.map((_, at) => at));
    const places = Map.groupBy(leaves, ({ id }) => id);
    expect(acknowledged.filter(({ id }) => places.get(id)?.length !== 1)).toEqual([]);
    const roots = [Frontier.empty()].map((frontier) => [
      frontier.root(),
      ...leaves.map(({ envelope }) => {
        frontier.append(leafHash(envelope));
        return frontier.root();
      }),
    ])[0];
    const notes = await fixture.database.query<{ note: string }>(
      'SELECT note FROM audit.checkpoint UNION SELECT note FROM audit.signed_head',
    );
    for (const { note } of notes) {
      const { size, root } = await fixture.checkpoint(note);
      expect(root).toEqual(roots?.[size]);
    }
    expect(await stateSize()).toBe(leaves.length);
    const alarms = await fixture.database.query(
      `SELECT action FROM audit.entry WHERE action IN ('ledger.writer_gap', 'ledger.entry_forged', 'ledger.signing_refused')`,
    );
    expect(alarms).toEqual([]);
  }

  async function requireProofs(acknowledged: readonly Acknowledged[]): Promise<void> {
    const proofs = acknowledged.flatMap(({ entry, proof }): Proven[] =>
      entry === undefined || proof === undefined ? [] : [{ entry, proof }],
    );
    expect(proofs.length).toBeGreaterThan(0);
    expect(await proofsHold(fixture.home, (await verifier()).trim(), proofs)).toMatchObject({ code: 0 });
    for (const proof of proofs) requireInclusion(proof);
    const [{ entry, proof } = { entry: '', proof: '' }] = proofs;
    const forged = { entry: Buffer.from('another').toString('base64'), proof };
    expect(() => requireInclusion(forged)).toThrow('root hash');
    expect(
      await proofsHold(fixture.home, (await verifier()).trim(), [{ entry, proof }, forged]),
    ).toMatchObject({
      code: 1,
    });
  }

  it('lose nothing, repeat nothing and skip nothing, however often sequencers are killed', async () => {
    const random = numbers(SEED);
    const pick = <T>(items: readonly T[]): T | undefined =>
      items[Math.floor(random.next().value * items.length)];
    const appenders = await Promise.all(Array.from({ length: APPENDERS }, start));
    let sequencers = await Promise.all(Array.from({ length: SEQUENCERS }, startSequencing));
    const answers = (): Acknowledged[] => appenders.flatMap(({ acknowledged }) => acknowledged);
    const work = Promise.all(
      appenders.map((appender, at) => appender.append(ANSWERS, at % 2 === 0 ? 'sequenced' : 'staged', 6)),
    );
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const due = answers().length + 1 + Math.floor(random.next().value * 30);
      await Promise.race([
        work,
        eventually(() => Promise.resolve(answers().length >= due ? true : undefined)),
      ]);
      const victim = pick(sequencers);
      if (victim === undefined) throw new Error('There is no sequencer.');
      await victim.kill();
      const next = await startSequencing();
      sequencers = sequencers.map((sequencer) => (sequencer === victim ? next : sequencer));
    }
    await work;
    await Promise.all(appenders.map((appender) => appender.stop()));
    await fixture.sequenced();
    await Promise.all(sequencers.map((sequencer) => sequencer.stop()));
    expect(answers().length).toBeGreaterThan(ANSWERS * 2);
    await requireOrder(answers());
    await requireProofs(answers());
  }, 180_000);

  it('are resumed by another at whatever step of a batch they die', async () => {
    const appender = await start();
    let sequencer = await startElected();
    for (const step of STEPS) {
      sequencer.endAt({ step, signal: 'SIGKILL' });
      const [next] = await Promise.all([start(), appender.append(10, 'staged'), sequencer.gone]);
      sequencer = await elect(next);
      await appender.append(5, 'sequenced');
    }
    await appender.stop();
    await fixture.sequenced();
    await sequencer.stop();
    expect(appender.acknowledged).toHaveLength(STEPS.length * 15);
    await requireOrder(appender.acknowledged);
    await requireProofs(appender.acknowledged);
  }, 120_000);

  it('take a queue of many batches, of which they read the next while they write one', async () => {
    const appender = await LedgerChild.start(fixture.patientSettings);
    children.add(appender);
    await appender.append(QUEUE, 'staged', 64);
    const steps = ['before the insertion', 'after the insertion', 'after the move of the head'];
    for (const step of steps) {
      const sequencer = await startElected();
      sequencer.endAt({ step, signal: 'SIGKILL' });
      await sequencer.gone;
    }
    const sequencer = await startElected();
    await appender.append(50, 'sequenced');
    await appender.stop();
    await fixture.sequenced();
    await sequencer.stop();
    // A batch that is taken twice ends a term.
    expect(sequencer.elections).toBe(1);
    expect(appender.acknowledged).toHaveLength(QUEUE + 50);
    await requireOrder(appender.acknowledged);
  }, 120_000);

  it('do not turn the state file back when they were only taken for dead', async () => {
    const appender = await start();
    const sleeper = await startElected();
    sleeper.endAt({ step: 'before the state file', signal: 'SIGSTOP' });
    await appender.append(5, 'staged');
    const next = await startElected();
    await appender.append(20, 'sequenced');
    const size = await stateSize();
    sleeper.signal('SIGCONT');
    // It finds out, competes again, and is elected once the other has left.
    const third = sleeper.elected();
    await next.stop();
    expect(await third).toBe(true);
    expect(await stateSize()).toBeGreaterThanOrEqual(size);
    await appender.append(5, 'sequenced');
    await appender.stop();
    await fixture.sequenced();
    await sleeper.stop();
    await requireOrder(appender.acknowledged);
  }, 60_000);
});
