import packageJson from '../../../package.json' with { type: 'json' }
import type { CommandContext } from '../command-context.ts'

export async function version(context: CommandContext): Promise<void> {
  const versions = {
    yangtuo: packageJson.version,
    nodeLlamaCpp: packageJson.dependencies['node-llama-cpp'],
    node: process.versions.node,
  }
  if (context.isJson) return context.printJson(versions)
  context.print(`yangtuo ${versions.yangtuo} (node-llama-cpp ${versions.nodeLlamaCpp}, Node ${versions.node})`)
}
