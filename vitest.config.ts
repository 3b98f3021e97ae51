import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'],
    environment: 'node',
    // Tests start real engine processes and servers; a crash of a native library must end one file only.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
