import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/infra/test/strip-types.mjs' },
  testMatch: ['<rootDir>/{functions,shared,infra,test}/**/*.test.ts'],
  testTimeout: 30_000,
  maxWorkers: 2,
};

export default config;
