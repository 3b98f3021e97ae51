import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const electron = { group: ['electron', 'electron/*'], message: 'Only src/main and src/preload know Electron.' }
const native = {
  group: ['node-llama-cpp', '@node-llama-cpp/*', 'koffi'],
  message: 'Only src/engine loads native libraries: a crash there ends one process, not the app.',
}
const node = { group: ['node:*', 'ws'], message: 'This code also runs in a sandboxed page.' }
const folders = (...names) => ({
  regex: `(^|/)\\.\\./(${names.join('|')})/`,
  message: 'Imports go one way: renderer, preload, engine → shared ← core ← server ← main, headless.',
})

/** The editor's hint at the boundaries; the gate is .dependency-cruiser.js. */
const hint = (folder, ...patterns) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  ignores: ['**/*.{test,fixture}.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns }] },
})

export default defineConfig(
  globalIgnores(['out', 'dist', 'node_modules', '.cache', 'test-results', 'playwright-report']),
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true } },
    // Of the rules that need types, those that find bugs which the compiler lets through.
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  hint('shared', electron, native, node, folders('core', 'server', 'main', 'headless', 'renderer')),
  hint('core', electron, native, folders('server', 'main', 'headless', 'renderer')),
  hint('server', electron, native, folders('engine', 'main', 'headless', 'renderer')),
  hint('headless', electron, native, folders('engine', 'main', 'renderer')),
  hint('main', native, folders('engine', 'headless', 'renderer')),
  hint('preload', native, node, folders('core', 'engine', 'server', 'main', 'headless', 'renderer')),
  hint('engine', electron, folders('core', 'server', 'main', 'headless', 'renderer')),
  hint('renderer', electron, native, node, folders('core', 'engine', 'server', 'main', 'headless')),
  { files: ['src/renderer/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended] },
)
