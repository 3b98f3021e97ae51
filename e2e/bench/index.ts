/** `npm run bench` runs every benchmark, `npm run bench -- decode` one; each prints a table and writes JSON. */
const names = ['api', 'decode', 'library', 'parallel', 'search', 'soak', 'start', 'stop', 'stream', 'thread'] as const

const chosen = process.argv[2] !== undefined && !process.argv[2].startsWith('-') ? process.argv.splice(2, 1) : names
for (const name of chosen) await import(`./${name}.ts`)
process.exit(0)
export {}
