/**
 * `npm test`: every gate and both suites, one after the other whether or not one fails, closed with
 * what failed and one line, `N passed, N failed`. A gate counts as one test; a runner that ends with
 * an error without having reported a failed test counts as one that failed.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

interface Counts {
  passed: number
  /** What failed, each by its name and why. */
  failed: string[]
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
  return runScript(command) ? { passed: 1, failed: [] } : { passed: 0, failed: [command] }
}

function suite(command: string, countsOf: (report: never) => Counts): Counts {
  rmSync(reportPath, { force: true })
  const succeeded = runScript(command)
  let counts: Counts = { passed: 0, failed: [] }
  try {
    counts = countsOf(JSON.parse(readFileSync(reportPath, 'utf8')) as never)
  } catch {
    console.log(`No report of ${command}.`)
  }
  return succeeded || counts.failed.length > 0 ? counts : { ...counts, failed: [command] }
}

interface VitestReport {
  numPassedTests: number
  testResults: {
    name: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

function vitestCounts({ numPassedTests, testResults }: VitestReport): Counts {
  const failed = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${relative(root, name)} › ${fullName}\n${failureMessages.join('\n')}`),
  )
  return { passed: numPassedTests, failed }
}

interface PlaywrightSuite {
  title: string
  suites?: PlaywrightSuite[]
  specs: { title: string; ok: boolean; tests: { results: { error?: { message?: string } }[] }[] }[]
}

interface PlaywrightReport {
  stats: Record<'expected' | 'flaky' | 'unexpected', number>
  suites: PlaywrightSuite[]
}

function playwrightCounts({ stats, suites }: PlaywrightReport): Counts {
  return { passed: stats.expected + stats.flaky, failed: suites.flatMap(failedSpecs) }
}

function failedSpecs({ title, specs, suites = [] }: PlaywrightSuite): string[] {
  const failed = specs.filter(({ ok }) => !ok)
  const reasonOf = ({ tests }: (typeof specs)[number]) =>
    tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? '')).join('\n')
  return [...failed.map((spec) => `${title} › ${spec.title}\n${reasonOf(spec)}`), ...suites.flatMap(failedSpecs)]
}

const results = [
  gate('lint'),
  gate('typecheck'),
  gate('boundaries'),
  suite(`test:unit -- --reporter=default --reporter=json --outputFile.json="${reportPath}"`, vitestCounts),
]
const build = gate('build')
results.push(build)
if (build.passed === 1) results.push(suite('test:e2e -- --reporter=list,json', playwrightCounts))
else results.push({ passed: 0, failed: ['test:e2e, for want of a build'] })

const passed = results.reduce((sum, counts) => sum + counts.passed, 0)
const failed = results.flatMap((counts) => counts.failed)
for (const failure of failed) console.log(`\nFAILED ${failure}`)
console.log(`\n${passed} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
