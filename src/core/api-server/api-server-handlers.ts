import type { Activity } from '../inference/activity.ts'
import type { Procedures } from '../procedures.ts'
import type { ApiKeysService } from './api-keys-service.ts'
import type { ApiServerService } from './api-server-service.ts'

export function apiServerHandlers(
  { apiServer: procedures }: Procedures,
  server: ApiServerService,
  keys: ApiKeysService,
  activity: Activity,
) {
  return {
    watch: procedures.watch.handler(({ signal }) => server.watch(signal)),
    switch: procedures.switch.handler(({ input }) => server.switch(input.isOn)),
    listKeys: procedures.listKeys.handler(() => keys.list()),
    createKey: procedures.createKey.handler(async ({ input }) => {
      const created = keys.create(input.name, input.scopes)
      await server.keysChanged()
      return created
    }),
    removeKey: procedures.removeKey.handler(async ({ input }) => {
      keys.remove(input.keyId)
      await server.keysChanged()
    }),
    watchActivity: procedures.watchActivity.handler(({ signal }) => activity.watch(signal)),
    watchLog: procedures.watchLog.handler(({ signal }) => activity.log.watch({ keptToo: true, signal })),
    clearLog: procedures.clearLog.handler(() => activity.log.clear()),
  }
}
