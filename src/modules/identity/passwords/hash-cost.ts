/** argon2 parameters (RFC 9106 §3.1): memory in KiB, passes, lanes. */
export interface HashCost {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

const ARGON2ID = /^\$argon2id\$v=19\$([^$]+)\$/;
const PARAMETER = /^([mtp])=(\d{1,10})$/;

/** @returns what a hash in PHC's text form cost to make, or `undefined` when it is no argon2id hash */
export function costOf(hash: string): HashCost | undefined {
  const parameters = new Map(
    (ARGON2ID.exec(hash)?.[1] ?? '').split(',').flatMap((text) => {
      const [, name, value] = PARAMETER.exec(text) ?? [];
      return name === undefined ? [] : [[name, Number(value)] as const];
    }),
  );
  // Their order is not laid down.
  const [memoryKiB, iterations, parallelism] = [...'mtp'].map((name) => parameters.get(name));
  return memoryKiB === undefined || iterations === undefined || parallelism === undefined
    ? undefined
    : { memoryKiB, iterations, parallelism };
}

/** How many KiB are passed over altogether, which is what the time goes by. */
export const workOf = ({ memoryKiB, iterations }: HashCost): number => memoryKiB * iterations;

/** Whether one is weaker in memory or in passes; lanes add nothing to what a guesser has to spend. */
export const isWeaker = (cost: HashCost, than: HashCost): boolean =>
  cost.memoryKiB < than.memoryKiB || cost.iterations < than.iterations;

/** Parameters for what is missing from one amount of work to another; `undefined` when that is next to nothing. */
export function remainder(done: HashCost, all: HashCost): HashCost | undefined {
  const memoryKiB = Math.round((workOf(all) - workOf(done)) / all.iterations);
  // RFC 9106 §3.1: at least eight blocks a lane.
  return memoryKiB < 8 * all.parallelism ? undefined : { ...all, memoryKiB };
}
