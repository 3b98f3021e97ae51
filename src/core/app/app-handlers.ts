import { arch, availableParallelism, platform, totalmem } from 'node:os'
import type { CorePorts } from '../ports.ts'
import type { Procedures } from '../procedures.ts'

export function appHandlers({ app: procedures }: Procedures, ports: CorePorts) {
  const { app: version, ...versions } = ports.versions
  return {
    capabilities: procedures.capabilities.handler(() => ports.capabilities),
    info: procedures.info.handler(() => ({
      version,
      platform: platform(),
      arch: arch(),
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      dataDirectory: ports.dataDirectory,
      modelsDirectory: ports.modelsDirectory,
      versions,
    })),
  }
}
