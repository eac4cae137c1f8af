import { SinkObjects } from '../../../../src/ledger/witness/sink.js';
import { ObjectStoreSink } from '../../../../src/ledger/witness/object-store-sink.js';
import { MovableClock } from '../../../support/clock.js';
import { ObjectStore } from '../../../support/witness/object-store.ts';
import { faultOfSignature } from '../../../support/witness/signature-v4.ts';
import { SmallLog } from './checkpoints.js';

const KEY = 'ledger/000001-0000000000000042.note';

describe('the sink that is an object store', () => {
  const log = new SmallLog();
  const clock = new MovableClock();
  let store: ObjectStore;

  beforeEach(async () => {
    store = new ObjectStore('checkpoints');
    await store.start();
  });

  afterEach(() => store.stop());

  const sinkWith = (key = store.key, bucket = 'checkpoints'): ObjectStoreSink =>
    new ObjectStoreSink(
      {
        kind: 'objects',
        name: 's3://checkpoints/ledger/',
        bucket,
        prefix: 'ledger/',
        region: 'eu-west-3',
        endpoint: store.url,
        retainDays: 400,
      },
      key,
      clock,
    );

  it('puts an object that nobody can delete before its time is over', async () => {
    const publication = log.publication(42);
    await sinkWith().publish(publication);
    expect([...store.objects.keys()]).toEqual([KEY]);
    const stored = store.objects.get(KEY);
    expect(stored).toMatchObject({ body: publication.checkpoint.note, lockMode: 'COMPLIANCE' });
    const days = ((stored?.retainUntil?.getTime() ?? 0) - clock.now().getTime()) / 86_400_000;
    expect(Math.round(days)).toBe(400);
    expect(store.refusals).toEqual([]);
  });

  it('is content when the same checkpoint is there already', async () => {
    const publication = log.publication(42);
    await sinkWith().publish(publication);
    await sinkWith().publish(publication);
    expect(store.objects.size).toBe(1);
    expect(store.refusals).toEqual(['PreconditionFailed']);
  });

  it('objects when another one of this size is there', async () => {
    await sinkWith().publish(log.publication(42));
    const rewritten = new SmallLog('another history').publication(42);
    await expect(sinkWith().publish(rewritten)).rejects.toThrow(new SinkObjects('fork'));
    expect(store.objects.get(KEY)?.body).toBe(log.publication(42).checkpoint.note);
  });

  it('fails otherwise with a wrong key, a wrong bucket, or nobody there', async () => {
    const publication = log.publication(42);
    await expect(sinkWith({ id: store.key.id, secret: 'wrong' }).publish(publication)).rejects.toThrow(/.+/);
    expect(store.refusals).toEqual(['SignatureDoesNotMatch: wrong signature']);
    await expect(sinkWith(store.key, 'elsewhere').publish(publication)).rejects.toThrow(/.+/);
    await store.stop();
    await expect(sinkWith().publish(publication)).rejects.not.toThrow(SinkObjects);
    expect(store.objects.size).toBe(0);
  });

  it('is judged by a store that knows Amazon’s own example of a signature', () => {
    // Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)", example GET Object.
    const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
    const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41';
    const request = (signed: string) => ({
      method: 'GET',
      target: '/test.txt',
      headers: {
        host: 'examplebucket.s3.amazonaws.com',
        range: 'bytes=0-9',
        'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        'x-amz-date': '20130524T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=${signed}`,
      },
    });
    const key = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
    expect(faultOfSignature(request(signature), key)).toBeUndefined();
    expect(faultOfSignature(request(signature.replace('f', '0')), key)).toBe('wrong signature');
  });
});
