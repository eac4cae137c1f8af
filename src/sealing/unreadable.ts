import { Failure } from '../kernel/errors.js';

/** @returns `undefined` where the subject's key is destroyed, or the value is not the one of its place */
export async function unlessUnreadable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure && error.code === 'sealed_value_unreadable') return undefined;
    throw error;
  }
}
