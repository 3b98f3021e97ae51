/** What code is saved as, by the name after its fence: `code.py`; `code.txt` where the name tells nothing. */
const extensions: Record<string, string> = {
  bash: 'sh', sh: 'sh', shell: 'sh', zsh: 'sh', console: 'sh', powershell: 'ps1', ps1: 'ps1', bat: 'bat', cmd: 'bat',
  c: 'c', h: 'h', cpp: 'cpp', 'c++': 'cpp', cc: 'cpp', cs: 'cs', 'c#': 'cs', csharp: 'cs', css: 'css', scss: 'scss',
  less: 'less', csv: 'csv', dart: 'dart', diff: 'diff', patch: 'diff', go: 'go', golang: 'go', graphql: 'graphql',
  haskell: 'hs', hs: 'hs', html: 'html', xml: 'xml', svg: 'svg', ini: 'ini', java: 'java', javascript: 'js', js: 'js',
  jsx: 'jsx', json: 'json', jsonl: 'jsonl', julia: 'jl', kotlin: 'kt', kt: 'kt', latex: 'tex', tex: 'tex', lua: 'lua',
  makefile: 'mk', markdown: 'md', md: 'md', markmap: 'md', mermaid: 'mmd', matlab: 'm', objectivec: 'm', perl: 'pl',
  php: 'php', python: 'py', py: 'py', python3: 'py', r: 'r', ruby: 'rb', rb: 'rb', rust: 'rs', rs: 'rs',
  scala: 'scala', sql: 'sql', swift: 'swift', toml: 'toml', typescript: 'ts', ts: 'ts', tsx: 'tsx', vue: 'vue',
  yaml: 'yaml', yml: 'yaml', zig: 'zig',
}

export function codeFileName(language: string): string {
  return `code.${extensions[language.toLowerCase()] ?? 'txt'}`
}
