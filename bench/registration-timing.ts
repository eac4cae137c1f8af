import type { Benchmark } from './harness/benchmark.ts';
import { measureRegistrationTiming } from './identity/registration-timing.ts';

export const benchmark: Benchmark = {
  measures: 'sign-ups at known against unknown addresses, by how far their times can be told apart',
  run: measureRegistrationTiming,
};
