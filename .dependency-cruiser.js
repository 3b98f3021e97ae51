/**
 * The import boundaries, as a gate: `renderer, preload, engine → shared ← core ← server ← main, headless ← cli`.
 * Type-only imports count as well, because a type that leaks ties two processes together just as much.
 * A `reachable` rule looks through every module in between, the others at direct imports only.
 */
const tests = '\\.(test|fixture)\\.tsx?$|/test-[^/]+\\.ts$'
const entries =
  '^src/(main|headless|cli|engine|preload)/index\\.ts$|^src/renderer/(main\\.tsx|frames/[^/]+-frame\\.ts)$|^src/core/(downloads/download|interchange/interchange)-worker\\.ts$'
const nativePackages = '^node_modules/(node-llama-cpp|@node-llama-cpp|koffi)/'
const electron = '^(node_modules/)?electron(/|$)'

/** Modules of `folder` import from src only what lies in the folders named. */
const importsOnly = (folder, ...allowed) => ({
  name: `imports-of-${folder}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: tests },
  to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
})

export default {
  forbidden: [
    importsOnly('shared'),
    importsOnly('core', 'shared'),
    importsOnly('engine', 'shared'),
    importsOnly('preload', 'shared'),
    importsOnly('renderer', 'shared'),
    importsOnly('server', 'core', 'shared'),
    importsOnly('headless', 'server', 'core', 'shared'),
    importsOnly('cli', 'headless', 'server', 'core', 'shared'),
    importsOnly('main', 'server', 'core', 'shared'),
    {
      name: 'shared-has-no-io',
      comment: 'What two processes agree on is data and pure functions.',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: tests },
      to: { path: '.', pathNot: ['^src/shared/', '^node_modules/(zod|@orpc/contract|@huggingface/jinja)/'] },
    },
    {
      name: 'core-reaches-no-host',
      comment: 'Core runs in any host and starts engines as processes; it knows neither Electron nor llama.cpp.',
      severity: 'error',
      from: { path: '^src/(core|server|headless|cli)/', pathNot: tests },
      to: { path: [electron, nativePackages], reachable: true },
    },
    {
      name: 'llama-only-in-the-engine',
      comment: 'A native crash must end one engine process, never the app.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/' },
      to: { path: nativePackages },
    },
    {
      name: 'electron-only-in-its-host',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|preload)/' },
      to: { path: electron },
    },
    {
      name: 'sqlite-only-in-the-database',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/core/database/', tests] },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'renderer-reaches-no-node',
      severity: 'error',
      from: { path: '^src/renderer/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-stay-apart',
      comment: 'Two features that need one another share through lib, components or the contract.',
      severity: 'error',
      from: { path: '^src/renderer/features/([^/]+)/' },
      to: { path: '^src/renderer/features/', pathNot: '^src/renderer/features/$1/' },
    },
    {
      name: 'features-by-their-index',
      comment: 'What a feature offers is what its index.ts exports.',
      severity: 'error',
      from: { path: '^src/renderer/(app/|main\\.tsx)', pathNot: tests },
      to: { path: '^src/renderer/features/[^/]+/', pathNot: '^src/renderer/features/[^/]+/index\\.ts$' },
    },
    {
      name: 'renderer-layers',
      comment: 'app → features → components, lib.',
      severity: 'error',
      from: { path: '^src/renderer/(features|components|lib)/' },
      to: { path: '^src/renderer/app/' },
    },
    {
      name: 'components-know-no-feature',
      severity: 'error',
      from: { path: '^src/renderer/(components|lib)/' },
      to: { path: '^src/renderer/features/' },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'No process entry leads here: dead code.',
      severity: 'error',
      from: { path: entries },
      to: { path: '^src/', pathNot: [entries, tests, '\\.d\\.ts$'], reachable: false },
    },
    {
      name: 'resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
}
