import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/infra/test/strip-types.mjs' },
  testMatch: ['<rootDir>/{functions,shared,infra,test}/**/*.test.ts'],
  testTimeout: 30_000,
  // One more than the cores: much of the time, tests wait for processes of their own.
  maxWorkers: 3,
};

export default config;
