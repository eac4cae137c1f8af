import { S3Client, GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { Clock } from '../../kernel/clock.js';
import type { ObjectStoreKey } from '../../platform/config/settings.js';
import type { ObjectStoreSink as ObjectStoreSettings } from '../../platform/config/sink-urls.js';
import {
  type Acceptance,
  ANSWER_MS,
  checkpointName,
  type Publication,
  type Sink,
  SinkObjects,
} from './sink.js';

const DAY_MS = 86_400_000;
const PRECONDITION_FAILED = 412;

/** An object for each checkpoint, locked in compliance mode: until its time is over nobody can replace or delete it. */
export class ObjectStoreSink implements Sink {
  readonly name: string;
  readonly #settings: ObjectStoreSettings;
  readonly #client: S3Client;
  readonly #clock: Clock;

  constructor(settings: ObjectStoreSettings, key: ObjectStoreKey | undefined, clock: Clock) {
    const { endpoint, region } = settings;
    this.name = settings.name;
    this.#settings = settings;
    this.#clock = clock;
    this.#client = new S3Client({
      region,
      // The job runner tries again, and says so.
      maxAttempts: 1,
      requestHandler: { connectionTimeout: ANSWER_MS, requestTimeout: ANSWER_MS },
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(key === undefined ? {} : { credentials: { accessKeyId: key.id, secretAccessKey: key.secret } }),
    });
  }

  async publish({ checkpoint }: Publication): Promise<Acceptance> {
    const { bucket, prefix, retainDays } = this.#settings;
    const place = { Bucket: bucket, Key: `${prefix}${checkpointName(checkpoint)}` };
    const put = new PutObjectCommand({
      ...place,
      Body: checkpoint.note,
      ContentType: 'text/plain; charset=utf-8',
      IfNoneMatch: '*',
      ChecksumAlgorithm: 'SHA256',
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(this.#clock.now().getTime() + retainDays * DAY_MS),
    });
    try {
      await this.#client.send(put);
    } catch (error) {
      if (statusOf(error) !== PRECONDITION_FAILED) throw error;
      const there = await this.#client.send(new GetObjectCommand(place));
      if ((await there.Body?.transformToString()) !== checkpoint.note) throw new SinkObjects('fork');
    }
    return {};
  }
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
