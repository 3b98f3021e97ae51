/**
 * Decode speed through the whole app (engine process, merging, transport, database, a browser that shows
 * it) against node-llama-cpp alone and against a raw loop on the same library: the same model, threads and
 * token counts, the three taking turns, medians of the rounds.
 *
 *   npm run bench -- decode [--rounds 5] [--threads 1,2]
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { midModel } from '../support/random-models.ts'
import { askInNewChat, openAppWindow } from './app-window.ts'
import { measureInProcess, median, percent, report, rounded, type Row } from './report.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
  },
})
const promptTokens = 64
const answerTokens = 160

const app = await openAppWindow()
const rows: Row[] = []
for (const threads of values.threads.split(',').map(Number)) {
  await app.client.settings.update({ threads })
  for (const type of ['Q8_0', 'Q4_K_M', 'F16'] as const) {
    const path = midModel(type)
    const model = await app.client.models.importFile({ path })
    await app.client.models.unload({ modelId: model.id })
    await app.client.models.load({ modelId: model.id })
    const speeds = { app: [] as number[], bare: [] as number[], raw: [] as number[] }
    for (let round = 0; round < Number(values.rounds); round++) {
      const args = [path, threads, promptTokens, answerTokens]
      speeds.raw.push((await measureInProcess<{ tokensPerSecond: number }>('raw-loop.ts', args)).tokensPerSecond)
      speeds.bare.push(
        (await measureInProcess<{ tokensPerSecond: number }>('bare-node-llama-cpp.ts', args)).tokensPerSecond,
      )
      const answer = await askInNewChat(app, model.id, 'tana reki lomu '.repeat(6), answerTokens)
      speeds.app.push(answer.runCard.tokensPerSecond!)
    }
    const ratio = (to: number[]) => percent(median(speeds.app.map((speed, round) => speed / to[round]!)))
    rows.push({
      model: `207 M ${type}`,
      threads,
      'app tok/s': rounded(median(speeds.app)),
      'node-llama-cpp tok/s': rounded(median(speeds.bare)),
      'raw tok/s': rounded(median(speeds.raw)),
      'app / node-llama-cpp': ratio(speeds.bare),
      'app / raw': ratio(speeds.raw),
    })
  }
}
await app.close()
report('decode', rows)
