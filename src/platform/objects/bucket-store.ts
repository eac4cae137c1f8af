import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  NoSuchKey,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Failure } from '../../kernel/errors.js';
import type { ObjectStoreKey } from '../config/settings.js';
import type { ObjectStorePlace } from '../config/sink-urls.js';
import { fromStore, ObjectStore, storeUnavailable } from './object-store.js';

/** The least that S3 takes, and what one upload holds in memory. */
const PART_BYTES = 5 * 1_024 * 1_024;
const CONNECT_MS = 5_000;
/** Without a byte in either direction. */
const SILENCE_MS = 30_000;
/** Uploads and downloads of one process that are under way at once. */
const MOST_SOCKETS = 200;

/** A bucket of S3, or of something that speaks its protocol. */
export class BucketStore extends ObjectStore {
  readonly #place: ObjectStorePlace;
  readonly #client: S3Client;

  constructor(place: ObjectStorePlace, key: ObjectStoreKey | undefined) {
    super();
    const { endpoint, region } = place;
    this.#place = place;
    this.#client = new S3Client({
      region,
      requestHandler: {
        connectionTimeout: CONNECT_MS,
        requestTimeout: SILENCE_MS,
        httpAgent: { maxSockets: MOST_SOCKETS },
        httpsAgent: { maxSockets: MOST_SOCKETS },
      },
      // What is stored is authenticated by its seal; not every store that speaks the protocol knows these.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(key === undefined ? {} : { credentials: { accessKeyId: key.id, secretAccessKey: key.secret } }),
    });
  }

  override async put(name: string, content: AsyncIterable<Buffer>): Promise<void> {
    const given = new Given(content);
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#object(name), Body: Readable.from(given.pieces(), { objectMode: false }) },
      partSize: PART_BYTES,
      queueSize: 1,
    });
    try {
      await upload.done();
    } catch (cause) {
      throw given.fault ?? storeUnavailable(cause);
    }
  }

  override async get(name: string): Promise<AsyncIterable<Buffer>> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#object(name)));
      if (Body instanceof Readable) return fromStore(Body);
      throw new Error('The store gives no stream.');
    } catch (cause) {
      if (!(cause instanceof NoSuchKey)) throw storeUnavailable(cause);
      throw new Failure('sealed_value_unreadable', { privateDetail: 'the store has no such object', cause });
    }
  }

  override async delete(name: string): Promise<void> {
    const { Bucket, Key } = this.#object(name);
    try {
      await this.#client.send(new DeleteObjectCommand({ Bucket, Key }));
      const { Uploads = [] } = await this.#client.send(
        new ListMultipartUploadsCommand({ Bucket, Prefix: Key }),
      );
      for (const { UploadId } of Uploads.filter((upload) => upload.Key === Key))
        await this.#client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    } catch (cause) {
      if (cause instanceof S3ServiceException && cause.name === 'NoSuchUpload') return;
      throw storeUnavailable(cause);
    }
  }

  #object(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#place.bucket, Key: `${this.#place.prefix}${name}` };
  }
}

/** Remembers whether it was the content that failed and not the store. */
class Given {
  fault: Error | undefined;
  readonly #content: AsyncIterable<Buffer>;

  constructor(content: AsyncIterable<Buffer>) {
    this.#content = content;
  }

  async *pieces(): AsyncGenerator<Buffer, void, undefined> {
    const content = this.#content[Symbol.asyncIterator]();
    try {
      for (let next = await this.#next(content); next.done !== true; next = await this.#next(content))
        yield next.value;
    } finally {
      await content.return?.();
    }
  }

  async #next(content: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer, unknown>> {
    try {
      return await content.next();
    } catch (error) {
      this.fault = error instanceof Error ? error : new Error('The content has failed.', { cause: error });
      throw error;
    }
  }
}
