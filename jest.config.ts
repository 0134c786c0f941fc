import type { Config } from 'jest';

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/infra/test/strip-types.mjs' },
};

const TESTS = '<rootDir>/{functions,shared,infra,test}/**/*.test.ts';
const TIMED_TESTS = '**/*.timed.test.ts';

/** `timed` contains the tests that assert how long something takes at most. `npm test` runs it alone, after the rest. */
const config: Config = {
  projects: [
    { ...common, displayName: 'concurrent', testMatch: [TESTS, `!${TIMED_TESTS}`] },
    { ...common, displayName: 'timed', testMatch: [`<rootDir>/{functions,shared,infra,test}/${TIMED_TESTS}`] },
  ],
  testTimeout: 60_000,
  // One more than the cores: much of the time, tests wait for processes of their own.
  maxWorkers: 3,
};

export default config;
