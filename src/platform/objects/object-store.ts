import { Failure } from '../../kernel/errors.js';

/** Where large things are kept outside PostgreSQL, by names that say nothing. Knows nothing of what it keeps. */
export abstract class ObjectStore {
  /**
   * Stores one object, in constant memory, whole or not at all.
   * @throws whatever the content throws; Failure `service_unavailable` when the store cannot be used
   */
  abstract put(name: string, content: AsyncIterable<Buffer>): Promise<void>;

  /**
   * @returns a stream that fails with `service_unavailable` when it breaks off; whoever has begun to read it ends it
   * @throws Failure `sealed_value_unreadable` when there is no such object, `service_unavailable`
   */
  abstract get(name: string): Promise<AsyncIterable<Buffer>>;

  /**
   * Deletes an object and whatever an interrupted `put` has left of it. One that is not there is deleted already.
   * @throws Failure `service_unavailable`
   */
  abstract delete(name: string): Promise<void>;
}

export const storeUnavailable = (cause: unknown): Failure =>
  new Failure('service_unavailable', { privateDetail: 'the store of objects', cause });

/** A stream of the store's whose faults are the store's. */
export async function* fromStore(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* stream;
  } catch (cause) {
    throw storeUnavailable(cause);
  }
}
