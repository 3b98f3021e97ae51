/**
 * The commands, their options and their help. What a command does is imported when it is called, so that none waits
 * for another's; `version` and `--help` import nothing of the application.
 */
import { resolve } from 'node:path'
import type { Argument} from 'commander';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import stringWidth from 'string-width'
import packageJson from '../../package.json' with { type: 'json' }
import { defaultDataDirectory } from '../core/data-directory.ts'
import { fill } from '../shared/texts/fill.ts'
import { CommandContext } from './command-context.ts'
import { exitCodes } from './command-failure.ts'
import { Interrupts } from './interrupts.ts'
import { terminalLanguage } from './language.ts'
import { wrap } from './table.ts'
import { textsOf, type CommandTexts } from './texts/texts.ts'
import { mistakeSentence } from './mistake-sentence.ts'

const exportFormats = ['markdown', 'html', 'json', 'text', 'sharegpt', 'alpaca'] as const

/** Returns the exit code, once all is done. */
export async function runProgram(args: string[], entryPath: string): Promise<number> {
  const language = terminalLanguage(process.env)
  const texts = textsOf(language)
  // `yangtuo list | head -1` ends the list early, and nothing is wrong with that.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done)
    throw error
  })

  let context: CommandContext | null = null
  const program = describeProgram(texts.help, (command) => {
    const { dataDir = defaultDataDirectory(), json = false } = command.optsWithGlobals<{ dataDir?: string; json?: boolean }>()
    const interrupts = new Interrupts()
    context = new CommandContext({ entryPath, dataDirectory: resolve(dataDir), isJson: json, language, interrupts })
    return context
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse
    const { tellFailure } = await import('./tell-failure.ts')
    return tellFailure(context!, error)
  }
}

type Help = CommandTexts['help']

function describeProgram(help: Help, contextOf: (command: Command) => CommandContext): Command {
  const program = new Command('yangtuo')
    .description(help.program)
    .option('--data-dir <DIR>', fill(help.dataDirectory, { path: defaultDataDirectory() }))
    .version(packageJson.version, '-V, --version', help.versionOption)
    .addHelpText('after', `\n${help.after}`)
  localise(program, help)

  const add = (parent: Command, name: string, summary: string) => parent.command(name).description(summary)
  const command = (name: string, summary: string) => add(program, name, summary)
  const number = (min: number, max: number) => (text: string) => {
    const value = Number(text)
    if (text.trim() !== '' && value >= min && value <= max) return value
    throw new InvalidArgumentError(fill(help.mistakes.notANumber, { min: String(min), max: String(max) }))
  }
  const json = (one: Command) => one.option('--json', help.json)

  command('serve', help.serve.summary)
    .option('--host <ADDRESS>', help.serve.host)
    .option('--port <N>', help.serve.port, number(0, 65_535))
    .addOption(new Option('--api-key <KEY>', help.serve.apiKey).env('YANGTUO_API_KEY'))
    .option('--cors <ORIGIN...>', help.serve.cors)
    .option('--no-jit', help.serve.noJit)
    .option('--ttl <MINUTES>', help.serve.ttl, number(0, 10_080))
    .option('--model <MODEL>', help.serve.model)
    .option('--ui', help.serve.ui)
    .addOption(new Option('--log-format <FORMAT>', help.serve.logFormat).choices(['text', 'json']).default('text'))
    .option('--stop', help.serve.stop)
    .action(async (options, self: Command) => {
      const { serve } = await import('./commands/serve.ts')
      await serve(contextOf(self), options)
    })

  json(command('run', help.run.summary))
    .argument('<MODEL>', help.run.model)
    .argument('[PROMPT...]', help.run.prompt)
    .option('--system <TEXT>', help.run.system)
    .option('--temperature <N>', help.run.temperature, number(0, 2))
    .option('--top-p <N>', help.run.topP, number(0, 1))
    .option('--max-tokens <N>', help.run.maxTokens, number(1, 131_072))
    .option('--seed <N>', help.run.seed, number(0, 4_294_967_294))
    .option('--stats', help.run.stats)
    .action(async (model: string, prompt: string[], options, self: Command) => {
      const { run } = await import('./commands/run.ts')
      await run(contextOf(self), model, prompt.join(' '), options)
    })

  json(command('pull', help.pull.summary))
    .argument('<MODEL>', help.pull.model)
    .option('-y, --yes', help.pull.yes)
    .action(async (model: string, options, self: Command) => {
      const { pull } = await import('./commands/pull.ts')
      await pull(contextOf(self), model, options)
    })

  json(command('list', help.list.summary))
    .alias('ls')
    .action(async (_options, self: Command) => {
      const { list } = await import('./commands/list.ts')
      await list(contextOf(self))
    })

  json(command('show', help.show.summary))
    .argument('<MODEL>', help.run.model)
    .option('--template', help.show.template)
    .option('--metadata', help.show.metadata)
    .action(async (model: string, options, self: Command) => {
      const { show } = await import('./commands/show.ts')
      await show(contextOf(self), model, options)
    })

  json(command('ps', help.ps.summary)).action(async (_options, self: Command) => {
    const { ps } = await import('./commands/ps.ts')
    await ps(contextOf(self))
  })

  json(command('load', help.load.summary))
    .argument('<MODEL>', help.run.model)
    .option('--force', help.load.force)
    .option('--reload', help.load.reload)
    .action(async (model: string, { force, reload }, self: Command) => {
      const { load } = await import('./commands/load.ts')
      await load(contextOf(self), model, { force, reload })
    })

  json(command('unload', help.unload.summary))
    .argument('[MODEL]', help.run.model)
    .option('--all', help.unload.all)
    .action(async (model: string | undefined, { all = false }, self: Command) => {
      const { unload } = await import('./commands/unload.ts')
      await unload(contextOf(self), model, all)
    })

  json(command('rm', help.rm.summary))
    .argument('<MODEL...>', help.run.model)
    .option('--keep-files', help.rm.keepFiles)
    .action(async (models: string[], options, self: Command) => {
      const { rm } = await import('./commands/rm.ts')
      await rm(contextOf(self), models, options)
    })

  json(command('import', help.import.summary))
    .argument('<PATH...>', help.import.path)
    .addOption(new Option('--how <HOW>', help.import.how).choices(['in-place', 'move', 'copy', 'link']).default('in-place'))
    .action(async (paths: string[], { how }, self: Command) => {
      const { importModels } = await import('./commands/import.ts')
      await importModels(contextOf(self), paths, how)
    })

  json(command('estimate', help.estimate.summary))
    .argument('<MODEL>', help.estimate.model)
    .option('--context <TOKENS>', help.estimate.context, number(64, 10_000_000))
    .option('--slots <N>', help.estimate.slots, number(1, 16))
    .action(async (model: string, { context, slots }, self: Command) => {
      const { estimate } = await import('./commands/estimate.ts')
      const options = { ...(context !== undefined && { contextSize: context }), ...(slots !== undefined && { slots }) }
      await estimate(contextOf(self), model, options)
    })

  const chats = command('chats', help.chats.summary)
  json(add(chats, 'list', help.chats.list)).action(async (_options, self: Command) => {
    const { listChats } = await import('./commands/chats.ts')
    await listChats(contextOf(self))
  })
  json(add(chats, 'search', help.chats.search))
    .argument('<TEXT...>', help.chats.query)
    .option('--limit <N>', help.chats.limit, number(1, 500))
    .action(async (words: string[], { limit = 20 }, self: Command) => {
      const { searchChats } = await import('./commands/chats.ts')
      await searchChats(contextOf(self), words.join(' '), limit)
    })
  json(add(chats, 'export', help.chats.export))
    .argument('[CHAT...]', help.chats.chat)
    .option('--all', help.chats.all)
    .addOption(new Option('--format <FORMAT>', help.chats.format).choices(exportFormats).default('markdown'))
    .option('-o, --output <FILE>', help.chats.output)
    .option('--active-branch', help.chats.activeBranch)
    .action(async (names: string[], options, self: Command) => {
      const { exportChats } = await import('./commands/chats.ts')
      await exportChats(contextOf(self), names, options)
    })

  const config = command('config', help.config.summary)
  json(add(config, 'list', help.config.list)).action(async (_options, self: Command) => {
    const { listConfig } = await import('./commands/config.ts')
    await listConfig(contextOf(self))
  })
  json(add(config, 'get', help.config.get))
    .argument('<KEY>', help.config.key)
    .action(async (key: string, _options, self: Command) => {
      const { getConfig } = await import('./commands/config.ts')
      await getConfig(contextOf(self), key)
    })
  json(add(config, 'set', help.config.set))
    .argument('<KEY>', help.config.key)
    .argument('<VALUE>', help.config.value)
    .action(async (key: string, value: string, _options, self: Command) => {
      const { setConfig } = await import('./commands/config.ts')
      await setConfig(contextOf(self), key, value)
    })
  json(add(config, 'reset', help.config.reset))
    .argument('<KEY>', help.config.key)
    .action(async (key: string, _options, self: Command) => {
      const { resetConfig } = await import('./commands/config.ts')
      await resetConfig(contextOf(self), key)
    })

  json(command('doctor', help.doctor.summary))
    .argument('[MODEL]', help.run.model)
    .option('--probe', help.doctor.probe)
    .action(async (model: string | undefined, options, self: Command) => {
      const { doctor } = await import('./commands/doctor.ts')
      await doctor(contextOf(self), model, options)
    })

  json(command('version', help.version.summary)).action(async (_options, self: Command) => {
    const { version } = await import('./commands/version.ts')
    await version(contextOf(self))
  })
  return program
}

/** Help and mistakes in the person's language, in columns that hold Chinese. What is set here, subcommands inherit. */
function localise(program: Command, help: Help): void {
  const titles: Record<string, string> = {
    'Usage:': help.usage,
    'Arguments:': help.arguments,
    'Options:': help.options,
    'Commands:': help.commands,
  }
  const environment = ({ envVar }: Option) => (envVar ? ` (${fill(help.environment, { name: envVar })})` : '')
  program
    .exitOverride()
    .helpCommand(false)
    .helpOption('-h, --help', help.helpOption)
    .configureHelp({
      displayWidth: (text) => stringWidth(text),
      boxWrap: wrap,
      styleTitle: (title) => titles[title] ?? title,
      optionDescription: (option: Option) => option.description + environment(option),
      argumentDescription: (argument: Argument) => argument.description,
    })
    .configureOutput({
      outputError: (message, write) => write(`${mistakeSentence(help.mistakes, message)}\n`),
    })
}
