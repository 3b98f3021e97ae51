import { Command, InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import { mistakeSentence } from './mistake-sentence.ts'
import { helpZh } from './texts/help-zh.ts'

function mistake(...args: string[]): string {
  let message = ''
  const program = new Command('yangtuo').exitOverride().configureOutput({
    writeErr: () => {},
    outputError: (text) => (message = text),
  })
  program
    .command('run')
    .argument('<MODEL>')
    .option('--model <NAME>')
    .option('--port <N>', 'port', () => {
      throw new InvalidArgumentError('应是数。')
    })
    .exitOverride()
  expect(() => program.parse(args, { from: 'user' })).toThrow()
  return mistakeSentence(helpZh.mistakes, message)
}

// A new version of commander words it otherwise, and Chinese is mixed with English.
test.each([
  [['run', 'x', '--modle'], '没有 --modle 这个选项。\n是不是 --model？'],
  [['rum'], '没有 rum 这个命令。\n是不是 run？'],
  [['run'], '缺少 MODEL。'],
  [['run', 'x', '--model'], '--model <NAME> 需要一个值。'],
  [['run', 'x', '--port', 'y'], '--port <N> 不能是 y。应是数。'],
  [['run', 'x', 'y'], '参数太多：应有 1 个，给了 2 个。'],
])('%j', (args, sentence) => {
  expect(mistake(...args)).toBe(`${sentence}\n${helpZh.mistakes.seeHelp}`)
})
