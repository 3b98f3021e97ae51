import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demoModelPath, startCore, testPorts, writeEndlessModel } from '../core/core.fixture.ts'
import { FakeHub } from '../core/hubs/fake-hub.fixture.ts'
import { CliFolder, said } from './cli.fixture.ts'

let folder: CliFolder

beforeEach(() => {
  folder = new CliFolder()
})
afterEach(() => folder.remove())

describe('without a host', () => {
  // A command that needs a host to be of use, or that leaves one behind.
  test('models are listed, imported, shown and taken off the list, and nothing stays behind', async () => {
    const models = join(folder.path, '模型 外')
    mkdirSync(models)
    copyFileSync(demoModelPath, join(models, '小 羊驼.gguf'))

    const listed = await folder.json<{ name: string }[]>('list')
    expect(listed.map(({ name }) => name)).toEqual(['yangtuo-demo'])
    const imported = await folder.run('import', join(models, '小 羊驼.gguf'))
    expect(imported).toMatchObject({ code: 0 })
    expect(imported.stdout).toMatch(/^小-羊驼 /)

    const { code, stdout } = await folder.run('list')
    expect(code).toBe(0)
    const [head, ...rows] = stdout.trimEnd().split('\n')
    expect(rows).toHaveLength(2)
    // Columns line up by what the terminal shows, not by the number of characters.
    const columnOf = (line: string, text: string) => stringWidth(line.slice(0, line.indexOf(text)))
    for (const row of rows) expect(columnOf(row, 'Q8_0')).toBe(columnOf(head!, 'QUANT'))

    expect(await folder.json('show', '小-羊驼')).toMatchObject({ path: join(models, '小 羊驼.gguf'), type: 'model' })
    expect(await folder.run('rm', '小-羊驼', '--keep-files')).toMatchObject({ code: 0 })
    expect(await folder.json('list')).toHaveLength(1)
    expect(existsSync(join(models, '小 羊驼.gguf'))).toBe(true)
    expect(await folder.run('ps')).toMatchObject({ code: 0, stdout: '', stderr: 'No model is loaded.\n' })
    expect(readdirSync(folder.path)).not.toContain('host.json')
  })

  // Half a character in a pipe, words of the progress in the answer, or a question that is lost.
  test('a question is answered, from the arguments, from stdin, and from both', async () => {
    const asked = await folder.start(['run', 'yangtuo-demo', '你好']).ended
    expect(asked).toMatchObject({ code: 0, stdout: '你好！有什么可以帮你的？\n' })
    const piped = await folder.start(['run', 'yangtuo-demo', '--stats'], '你好\n').ended
    expect(piped).toMatchObject({ code: 0, stdout: '你好！有什么可以帮你的？\n' })
    expect(piped.stderr).toMatch(/tokens read .* written/)
    const both = await folder.start(['run', 'yangtuo-demo', '你好', '--json', '--max-tokens', '2'], '文件').ended
    expect(JSON.parse(both.stdout)).toMatchObject({ model: 'yangtuo-demo', reason: 'length', usage: { answerTokens: 2 } })
    expect(await folder.start(['run', 'yangtuo-demo']).ended).toMatchObject({ code: 2, stdout: '' })
  })

  // A misspelt value that is stored, or a value of another type.
  test('settings are parsed, checked, and read back', async () => {
    expect(await folder.run('config', 'set', 'apiServerPort', '4321')).toMatchObject({ code: 0 })
    expect(await folder.run('config', 'set', 'apiserverorigins', 'https://a.example, https://b.example')).toMatchObject({ code: 0 })
    expect(await folder.run('config', 'set', 'savedStatesGb', 'none')).toMatchObject({ code: 0 })
    const settings = await folder.json<Record<string, unknown>>('config', 'list')
    expect(settings).toMatchObject({
      apiServerPort: 4321,
      apiServerOrigins: ['https://a.example', 'https://b.example'],
      savedStatesGb: null,
    })
    for (const args of [['apiServerPort', '0'], ['apiServerPort', 'x'], ['language', 'fr'], ['nothing', '1']]) {
      expect((await folder.run('config', 'set', ...args)).code, args.join()).toBe(2)
    }
    await folder.run('config', 'reset', 'apiServerPort')
    expect(await folder.run('config', 'get', 'apiServerPort')).toMatchObject({ stdout: '1234\n' })
    // The language of the settings counts for what is said.
    await folder.run('config', 'set', 'language', 'zh')
    expect((await folder.run('chats', 'list')).stderr).toBe('还没有对话。\n')
  })

  test('wrong use, a failure and a no have codes of their own, and programs are told in JSON', async () => {
    expect(await folder.run('nonsense')).toMatchObject({ code: 2, stdout: '' })
    expect(await folder.run('run')).toMatchObject({ code: 2, stdout: '' })
    expect(await folder.run('estimate', 'yangtuo-demo', '--context', 'many')).toMatchObject({ code: 2, stdout: '' })
    const unknown = await folder.run('show', 'no-such-model', '--json')
    expect(unknown).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(unknown.stderr)).toMatchObject({ error: { code: 'MODEL_UNKNOWN', data: { name: 'no-such-model' } } })
    expect((await folder.run('estimate', 'yangtuo-demo')).code).toBe(0)
    const tooLarge = await folder.run('estimate', 'yangtuo-demo', '--context', '10000000', '--slots', '4', '--json')
    expect(tooLarge.code).toBe(3)
    expect(JSON.parse(tooLarge.stdout)).toMatchObject({ fit: { verdict: 'too-large' } })
  })

  // Two commands at once: the second finds the folder locked.
  test('commands at the same time share the work', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => folder.run('list', '--json')))
    for (const { code, stdout } of results) {
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toHaveLength(1)
    }
  })

  // Ctrl-C that waits for the end of an endless answer, or kills without a word.
  test('Ctrl-C stops an answer and says so by its code', async () => {
    writeEndlessModel(join(folder.path, 'endless.gguf'))
    await folder.run('import', join(folder.path, 'endless.gguf'))
    const answering = folder.start(['run', 'endless', 'x'])
    await expect.poll(() => answering.output.stdout.length, { timeout: 40_000 }).toBeGreaterThan(100)
    answering.child.kill('SIGINT')
    const { code, stderr } = await answering.ended
    expect(code).toBe(130)
    expect(stderr).toContain('Interrupted.')
    expect(readdirSync(folder.path)).not.toContain('host.json')
  })
})

describe('with a server', () => {
  async function serve(...options: string[]) {
    const server = folder.start(['serve', '--port', '0', ...options])
    const url = /serving at (http:[^"\s]+)/.exec(await said(server, /serving at .*\n/))![1]!
    return { server, url }
  }

  test('commands work in it, what it loads stays, and SIGTERM ends it in order', async () => {
    const { server, url } = await serve('--model', 'yangtuo-demo')
    await said(server, 'Model loaded')
    expect((await fetch(`${url}/v1/models`)).status).toBe(200)
    expect((await folder.run('ps')).stdout).toContain('yangtuo-demo')
    expect(await folder.run('run', 'yangtuo-demo', '你好')).toMatchObject({ code: 0, stdout: '你好！有什么可以帮你的？\n' })
    const second = await folder.run('serve', '--port', '0')
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toContain(`process ${server.child.pid}`)
    server.child.kill('SIGHUP')
    expect(await folder.run('unload', '--all')).toMatchObject({ code: 0, stdout: 'yangtuo-demo is unloaded.\n' })
    expect(await folder.json('ps')).toEqual([])
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0 })
    expect(readdirSync(folder.path)).not.toContain('host.json')
  })

  // What a killed host leaves makes every command fail, or hang.
  test('a host that was killed is no host', async () => {
    const { server } = await serve('--log-format', 'json')
    server.child.kill('SIGKILL')
    await server.ended
    expect(existsSync(join(folder.path, 'host.json'))).toBe(true)
    expect(await folder.json('list')).toHaveLength(1)
    expect(await folder.run('serve', '--stop')).toMatchObject({ code: 0 })
  })

  test('the address, the key, and what may be asked are as the options say, and the log is JSON', async () => {
    const { server, url } = await serve('--api-key', '秘 key', '--no-jit', '--log-format', 'json')
    expect((await fetch(`${url}/v1/models`)).status).toBe(401)
    for (const line of server.output.stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('time')
    // As they are now, and as they were before for the next.
    expect(await folder.json('config', 'get', 'apiLoadsOnDemand')).toBe(false)
    server.child.kill('SIGINT')
    expect(await server.ended).toMatchObject({ code: 0 })
    expect(await folder.json('config', 'get', 'apiLoadsOnDemand')).toBe(true)
  })

  test('a port that is taken is told', async () => {
    const { server, url } = await serve()
    const other = new CliFolder()
    const { code, stdout, stderr } = await other.run('serve', '--port', new URL(url).port)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(new URL(url).port)
    server.child.kill('SIGTERM')
    await server.ended
    other.remove()
  })

  // A server in the background that nobody can end.
  test('loading without a host starts a server in the background, which is ended by a command', async () => {
    await folder.run('config', 'set', 'apiServerPort', '41977')
    const loaded = await folder.run('load', 'yangtuo-demo')
    expect(loaded).toMatchObject({ code: 0, stdout: 'yangtuo-demo is loaded.\n' })
    expect(loaded.stderr).toContain('yangtuo serve --stop')
    expect((await folder.run('ps')).stdout).toContain('yangtuo-demo')
    expect(await folder.run('serve', '--stop')).toMatchObject({ code: 0, stdout: 'The server has ended.\n' })
    expect(readdirSync(folder.path)).not.toContain('host.json')
  })
})

// Bytes that are fetched twice, or a part file that is left for ever.
test('a download that Ctrl-C ends is paused, says so, and goes on with the next pull', async () => {
  const hub = await FakeHub.start()
  const world = new CliFolder({ ...hub.environment })
  try {
    const big = join(world.path, '大.gguf')
    writeEndlessModel(big)
    const content = readFileSync(big)
    await hub.put('羊驼/模型-GGUF', { '模型-Q4_K_M.gguf': content, '模型-Q8_0.gguf': content })
    await world.run('config', 'set', 'hubSource', 'hugging-face')

    const choices = await world.run('pull', '羊驼/模型-GGUF')
    expect(choices).toMatchObject({ code: 2, stdout: '' })
    expect(choices.stderr).toMatch(/Q4_K_M[^]*Q8_0[^]*yangtuo pull 羊驼\/模型-GGUF:Q\w+/)

    for (const site of hub.origins) site.faults.bytesPerSecond = content.length / 4
    const pulling = world.start(['pull', '羊驼/模型-GGUF:Q4_K_M'])
    await said(pulling, /[1-9]0%|[1-9]\d%/)
    pulling.child.kill('SIGINT')
    const { code, stderr } = await pulling.ended
    expect(code).toBe(130)
    expect(stderr).toContain('yangtuo pull 羊驼/模型-GGUF:Q4_K_M')
    for (const site of hub.origins) site.faults.bytesPerSecond = null

    const again = await world.run('pull', '羊驼/模型-GGUF:Q4_K_M', '--json')
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ name: '模型-q4_k_m', download: { state: 'complete' } })
    expect(await world.run('pull', '羊驼/没有的-GGUF')).toMatchObject({ code: 1, stdout: '' })
  } finally {
    world.remove()
    await hub.close()
  }
})

test('chats are listed, found and written to files', async () => {
  const exportPath = join(folder.path, '导出.md')
  await folder.run('list')
  const { client, close } = await startCore(testPorts(folder.path, { startsWork: false }))
  const { id: chatId } = await client.chats.create({})
  await client.chats.update({ chatId, title: '关于 羊驼的\u3000对话' })
  await close()

  const [chat] = await folder.json<{ id: string }[]>('chats', 'list')
  expect((await folder.run('chats', 'list')).stdout).toContain(chat!.id.slice(-8))
  expect((await folder.run('chats', 'search', '羊驼')).stdout).toContain(chat!.id.slice(-8))
  expect(await folder.run('chats', 'export')).toMatchObject({ code: 2 })
  expect(await folder.run('chats', 'export', chat!.id.slice(-8), '-o', exportPath)).toMatchObject({ code: 0 })
  expect(readFileSync(exportPath, 'utf8')).toContain('羊驼')
  const { stdout } = await folder.run('chats', 'export', '--all', '--format', 'json', '-o', '-')
  expect(JSON.parse(stdout)).toMatchObject({ format: 'yangtuo-chats', chats: [{ id: chat!.id }] })
})
