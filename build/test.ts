/**
 * `npm test`: every gate and both suites, one after the other whether or not one fails, closed with
 * one line, `N passed, N failed`. A gate counts as one test; a runner that ends with an error without
 * having reported a failed test counts as one that failed.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

interface Counts {
  passed: number
  failed: number
}

const root = resolve(import.meta.dirname, '..')
/** Where the runners leave their counts. */
const reportPath = join(root, 'node_modules/.cache/test-report.json')

/** Runs one of package.json's scripts, its output going to ours; false if it ends with an error. */
function runScript(command: string): boolean {
  console.log(`\n=== ${command}`)
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath }
  return spawnSync(`npm run --silent ${command}`, { cwd: root, env, shell: true, stdio: 'inherit' }).status === 0
}

function gate(command: string): Counts {
  return runScript(command) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function suite(command: string, countsOf: (report: never) => Counts): Counts {
  rmSync(reportPath, { force: true })
  const succeeded = runScript(command)
  let counts: Counts = { passed: 0, failed: 0 }
  try {
    counts = countsOf(JSON.parse(readFileSync(reportPath, 'utf8')) as never)
  } catch {
    console.log(`No report of ${command}.`)
  }
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 }
}

const vitestCounts = (report: { numPassedTests: number; numFailedTests: number }): Counts => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
})

const playwrightCounts = ({ stats }: { stats: Record<'expected' | 'flaky' | 'unexpected', number> }): Counts => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
})

const results = [
  gate('lint'),
  gate('typecheck'),
  gate('boundaries'),
  suite(`test:unit -- --reporter=default --reporter=json --outputFile.json="${reportPath}"`, vitestCounts),
]
const build = gate('build')
results.push(build)
if (build.passed === 1) results.push(suite('test:e2e -- --reporter=list,json', playwrightCounts))
else results.push({ passed: 0, failed: 1 })

const passed = results.reduce((sum, counts) => sum + counts.passed, 0)
const failed = results.reduce((sum, counts) => sum + counts.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
