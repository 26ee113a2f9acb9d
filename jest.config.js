import { availableParallelism } from 'node:os';

/** ESM jest over TypeScript sources; run through `npm test`, which sets --experimental-vm-modules. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/lake/'],
  // Tests start processes of their own: one core is left to them where there are more than two.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testTimeout: 60_000,
};
