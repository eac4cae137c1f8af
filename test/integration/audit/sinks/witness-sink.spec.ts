import { SystemClock } from '../../../../src/kernel/clock.js';
import { SinkObjects } from '../../../../src/ledger/witness/sink.js';
import { WitnessSink } from '../../../../src/ledger/witness/witness-sink.js';
import { WitnessServer } from '../../../support/witness/witness-server.ts';
import { SmallLog } from './checkpoints.js';

describe('the sink that is a witness', () => {
  const log = new SmallLog();
  let witness: WitnessServer;
  let sink: WitnessSink;

  beforeEach(async () => {
    witness = new WitnessServer();
    witness.trust(log.verifier);
    await witness.start();
    sink = sinkWith(witness.verifier);
  });

  afterEach(() => witness.stop());

  const sinkWith = (verifier: string): WitnessSink =>
    new WitnessSink({ kind: 'witness', name: 'witness', url: witness.url, verifier }, new SystemClock());
  const objectionTo = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof SinkObjects ? error.objection : `fault: ${String(error)}`),
    );

  it('gets a cosignature over the first checkpoint, and over each that continues the one before', async () => {
    let known = 0;
    for (const size of [1, 2, 3, 4, 7, 8, 9, 33, 64, 65, 100]) {
      const publication = log.publication(size, known);
      const { cosignature } = await sink.publish(publication);
      const text = publication.checkpoint.note.split('\n\n')[0] ?? '';
      expect(witness.hasSigned(cosignature ?? '', `${text}\n`)).toBe(true);
      known = size;
    }
    expect(new Set(witness.answers)).toEqual(new Set([200]));
  });

  it('learns from the witness which checkpoint it has, and gives it the same one again', async () => {
    await sink.publish(log.publication(40));
    expect((await sink.publish(log.publication(70, 10))).cosignature).toBeDefined();
    expect((await sink.publish(log.publication(70))).cosignature).toBeDefined();
    expect(witness.answers).toEqual([200, 409, 200, 409, 200]);
  });

  it('is refused a wrong consistency proof', async () => {
    await sink.publish(log.publication(40));
    const publication = log.publication(70, 40);
    const wrong = async (from: number): Promise<readonly Buffer[]> => {
      const [first = Buffer.alloc(0), ...rest] = await publication.consistency(from);
      return [Buffer.from(first).fill(7), ...rest];
    };
    expect(await objectionTo(sink.publish({ ...publication, consistency: wrong }))).toBe('inconsistent');
    expect(await objectionTo(sink.publish(publication))).toBe('none');
  });

  it('is told when history was rewritten: another tree, another of the same size, a shorter one', async () => {
    await sink.publish(log.publication(40));
    const rewritten = new SmallLog('another history');
    witness.trust(rewritten.verifier);
    expect(await objectionTo(sink.publish(rewritten.publication(70, 40)))).toBe('inconsistent');
    expect(await objectionTo(sink.publish(rewritten.publication(40, 40)))).toBe('fork');
    expect(await objectionTo(sink.publish(rewritten.publication(39, 39)))).toBe('fork');
    expect(witness.heads.get(log.origin)?.size).toBe(40);
  });

  it('is told when the witness does not know the log or its key', async () => {
    const stranger = new SmallLog('log', 'elsewhere.localhost/audit/1');
    expect(await objectionTo(sink.publish(stranger.publication(5)))).toBe('unknown_log');
    expect(await objectionTo(sink.publish(new SmallLog().publication(5)))).toBe('unknown_key');
  });

  it('takes no signature of another key, and none over something else', async () => {
    expect(await objectionTo(sinkWith(new WitnessServer().verifier).publish(log.publication(5)))).toBe(
      'not_cosigned',
    );
    witness.isLying = true;
    expect(await objectionTo(sink.publish(log.publication(6, 5)))).toBe('not_cosigned');
  });

  it('fails otherwise when the witness cannot be reached', async () => {
    await witness.stop();
    expect(await objectionTo(sink.publish(log.publication(5)))).toMatch(/^fault/);
  });
});
