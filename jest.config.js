/** @type {import('jest').Config} */
export default {
  // Node loads the product and the tests, not Jest: see docs/adr/0044-tests-loaded-by-node.md.
  testEnvironment: '<rootDir>/test/runner/environment.mjs',
  runtime: '<rootDir>/test/runner/runtime.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.sceau/'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // On two cores: each of them waits for PostgreSQL and for processes almost half of its time.
  maxWorkers: 4,
  // As it ends, each of them writes down what Node has compiled, which is longer than the half second that is usual.
  workerGracefulExitTimeout: 15_000,
  // Ends what hangs. No test says how long something may take: machines differ by ten times and more.
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/tools/closing-line-reporter.mjs'],
};
