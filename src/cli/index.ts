#!/usr/bin/env node
/**
 * `yangtuo` on the command line. This file is read by whatever Node there is, so it says which one is needed before
 * anything is imported that an older one does not have.
 */
// The first with full-text search in its SQLite.
const needed = [22, 16] as const
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  const version = needed.join('.')
  console.error(`羊驼需要 Node.js ${version} 或更新的版本，现在是 ${process.version}：https://nodejs.org
Yangtuo needs Node.js ${version} or later; this is ${process.version}.`)
  process.exitCode = 1
} else {
  // That SQLite is called experimental is of no use to the person at the terminal.
  const { emitWarning } = process
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...rest])
  })

  const { runProgram } = await import('./program.ts')
  const code = await runProgram(process.argv.slice(2), import.meta.filename)
  process.exitCode = code
  // What still holds the process is nothing that a person waits for.
  setTimeout(() => process.exit(code), 1_000).unref()
}
