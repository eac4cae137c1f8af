import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { SyslogSink } from '../../../../src/ledger/witness/syslog-sink.js';
import { Collector } from '../../../support/witness/collector.ts';
import { SmallLog } from './checkpoints.js';

/** RFC 5424 §6, as far as a message without structured data goes. */
const MESSAGE =
  /^<(\d{1,3})>1 (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) - (.*)$/;

describe('the sink that is a syslog collector', () => {
  const log = new SmallLog();
  let folder: string;
  let collector: Collector;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sceau-syslog-'));
  });
  afterEach(() => collector.stop());
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const sinkOf = (tls: boolean, authorities?: string): SyslogSink =>
    new SyslogSink({
      kind: 'syslog',
      name: 'syslog',
      host: 'localhost',
      port: collector.port,
      tls,
      authorities,
    });
  const identity = async (name: string): Promise<{ key: string; cert: string; file: string }> => {
    const pems = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
    });
    const file = join(folder, `${name}.pem`);
    await writeFile(file, pems.cert);
    return { key: pems.private, cert: pems.cert, file };
  };

  it('sends one well-formed message for each checkpoint over TCP', async () => {
    collector = new Collector();
    await collector.start();
    const publication = log.publication(42);
    await sinkOf(false).publish(publication);
    await sinkOf(false).publish(log.publication(43));
    expect(collector.garbage).toEqual([]);
    expect(collector.messages).toHaveLength(2);
    const [message = ''] = collector.messages;
    const [, priority, time, , app, process, id, text = ''] = MESSAGE.exec(message) ?? [];
    expect([priority, time, app, id]).toEqual(['109', '2026-11-23T09:30:00.000Z', 'sceau', 'checkpoint']);
    expect(process).toMatch(/^\d+$/);
    expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(text)).toEqual({ epoch: 1, size: 42, note: publication.checkpoint.note });
  });

  it('sends it over TLS to a collector whose certificate is good', async () => {
    const { key, cert, file } = await identity('localhost');
    collector = new Collector({ key, cert });
    await collector.start();
    await sinkOf(true, file).publish(log.publication(42));
    expect(collector.messages).toHaveLength(1);
  });

  it('sends nothing to a collector that it cannot know', async () => {
    const { key, cert, file } = await identity('elsewhere.example');
    collector = new Collector({ key, cert });
    await collector.start();
    await expect(sinkOf(true).publish(log.publication(42))).rejects.toThrow(/certificate/);
    await expect(sinkOf(true, file).publish(log.publication(42))).rejects.toThrow(/altnames/);
    expect(collector.messages).toEqual([]);
  });

  it('fails when nobody listens', async () => {
    collector = new Collector();
    await collector.start();
    await collector.stop();
    await expect(sinkOf(false).publish(log.publication(42))).rejects.toThrow(/ECONNREFUSED/);
  });
});
