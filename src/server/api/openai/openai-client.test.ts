/** The official client, as a developer has it who changes the base URL and nothing else. */
import { BadRequestError, NotFoundError, type OpenAI } from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { demo, endless, startOpenAi, type OpenAiServer } from './openai-server.fixture.ts'
import { allOf } from './openai.fixture.ts'

let api: OpenAiServer
let openai: OpenAI

beforeAll(async () => {
  api = await startOpenAi()
  openai = api.openai
}, 60_000)
afterAll(() => api.close())

const ask = (content: string) => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content }]
  return { model: demo, temperature: 0, messages }
}
const paris = '法国的首都是巴黎。'
const askParis = ask('法国的首都是哪里？')

/** What `call` fails with. */
async function failureOf<E extends Error>(call: PromiseLike<unknown>, type: new (...rest: never[]) => E): Promise<E> {
  const error = await Promise.resolve(call).then(
    () => null,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(type)
  return error as E
}

describe('models', () => {
  // Catches a list that the client cannot read, and names that lead nowhere.
  test('are listed, and found by their names', async () => {
    const models = await allOf(openai.models.list())
    expect(models.map(({ id }) => id).sort()).toEqual([endless, demo])
    for (const { id } of models) expect(await openai.models.retrieve(id)).toMatchObject({ id, object: 'model' })
    expect(await openai.models.retrieve(demo)).toMatchObject({ owned_by: 'yangtuo', max_context_length: 2048 })
    const { code, param } = await failureOf(openai.models.retrieve('no/such:model'), NotFoundError)
    expect({ code, param }).toEqual({ code: 'model_not_found', param: 'model' })
    // Slashes that are not escaped are part of the name, too.
    const unescaped = await fetch(`${api.baseURL}/models/no/such`)
    expect(await unescaped.json()).toMatchObject({ error: { code: 'model_not_found' } })
  })
})

describe('a chat', () => {
  // Catches a wrong template, history or encoding: the demo model is right word for word only if all of it is.
  test('is answered word for word, with its usage', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      ...askParis.messages,
      { role: 'assistant', content: paris },
      { role: 'user', content: [{ type: 'text', text: '那意大利呢？' }] },
    ]
    const answer = await openai.chat.completions.create({ ...askParis, messages })
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: demo,
      choices: [{ index: 0, message: { role: 'assistant', content: '意大利的首都是罗马。' }, finish_reason: 'stop' }],
    })
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage!
    expect(total_tokens).toBe(prompt_tokens + completion_tokens)
    const asked = ask('What are you?')
    asked.messages.unshift({ role: 'developer', content: 'You are a librarian.' })
    const librarian = await openai.chat.completions.create(asked)
    expect(librarian.choices[0]!.message.content).toBe('I am a librarian. Which book are you looking for?')
  })

  // Catches pieces that get lost or come twice, and a stream that never says it is over.
  test('streams the same text, with its usage at the end', async () => {
    const stream = openai.chat.completions.stream({ ...askParis, stream_options: { include_usage: true } })
    let text = ''
    stream.on('content', (delta) => (text += delta))
    const whole = await stream.finalChatCompletion()
    expect(text).toBe(paris)
    expect(whole.choices[0]).toMatchObject({ message: { content: paris }, finish_reason: 'stop' })
    expect(whole.usage!.completion_tokens).toBeGreaterThan(1)

    const plain = await openai.chat.completions.create({ ...askParis, stream: true })
    const chunks = await allOf(plain)
    expect(chunks[0]!.choices[0]!.delta).toMatchObject({ role: 'assistant' })
    expect(chunks.filter(({ choices, usage }) => choices.length === 0 || usage)).toEqual([])
  })

  // Catches an answer that begins anew where it should go on.
  test('goes on with an answer that was begun', async () => {
    const messages = [...askParis.messages, { role: 'assistant' as const, content: '法国的首都是' }]
    const answer = await openai.chat.completions.create({ ...askParis, messages })
    expect(answer.choices[0]!.message.content).toBe('巴黎。')
  })

  // Catches a limit or a stop text that does not reach the engine, and one that is shown.
  test('ends at a stop text or a limit', async () => {
    const stopped = await openai.chat.completions.create({ ...askParis, stop: ['巴黎', '<|eos_id|>'] })
    expect(stopped.choices[0]).toMatchObject({ message: { content: '法国的首都是' }, finish_reason: 'stop' })
    const cut = await openai.chat.completions.create({ ...askParis, max_completion_tokens: 2 })
    expect(cut.choices[0]!.finish_reason).toBe('length')
    expect(cut.usage!.completion_tokens).toBe(2)
  })

  // Catches n answers that are one, or mixed up in a stream.
  test('has n answers, each with a seed of its own', async () => {
    const request = { model: endless, n: 3, seed: 7, temperature: 1, max_tokens: 12, ...{ top_k: 0 } }
    const messages = ask('hi').messages
    const whole = await openai.chat.completions.create({ ...request, messages })
    const texts = whole.choices.map(({ message }) => message.content!)
    expect(new Set(texts).size).toBe(3)
    const streamed = ['', '', '']
    for await (const { choices } of await openai.chat.completions.create({ ...request, messages, stream: true })) {
      for (const { index, delta } of choices) streamed[index] += delta.content ?? ''
    }
    expect(streamed).toEqual(texts)
  })

  // Catches probabilities of other tokens than those that were written.
  test('tells the probabilities of its tokens', async () => {
    const request = { ...askParis, logprobs: true, top_logprobs: 2 }
    const { choices } = await openai.chat.completions.create(request)
    const tokens = choices[0]!.logprobs!.content!
    expect(tokens.map(({ token }) => token).join('')).toBe(paris)
    for (const { logprob, top_logprobs: top } of tokens) {
      expect(top.length).toBe(2)
      expect(top[0]!.logprob).toBe(logprob)
      expect(top[1]!.logprob).toBeLessThanOrEqual(logprob)
    }
    expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes!)).toString()).toBe(paris)
    const chunks = await allOf(await openai.chat.completions.create({ ...request, stream: true }))
    const streamed = chunks.flatMap(({ choices: [choice] }) => choice?.logprobs?.content ?? [])
    expect(streamed.map(({ token }) => token).join('')).toBe(paris)
  })

  // Catches a schema that is no more than a wish.
  test('is JSON of the schema that was given', async () => {
    const Mood = z.object({ mood: z.enum(['good', 'bad']), sure: z.boolean() })
    const response_format = zodResponseFormat(Mood, 'mood')
    const { choices } = await openai.chat.completions.parse({ ...askParis, response_format })
    expect(Mood.parse(choices[0]!.message.parsed)).toEqual(choices[0]!.message.parsed)
    const anyJson = { ...askParis, max_tokens: 400, response_format: { type: 'json_object' as const } }
    const any = await openai.chat.completions.create(anyJson)
    expect(any.choices[0]!.message.content).toMatch(/^["[{\d-]|^(true|false|null)/)
  })
})

describe('tools', () => {
  const parameters = {
    type: 'object',
    properties: { city: { enum: ['Paris', 'Rome'] }, days: { enum: [1, 2] } },
    required: ['city', 'days'],
    additionalProperties: false,
  }
  const getWeather = { name: 'get_weather', description: 'The weather', parameters }
  const weather = { type: 'function' as const, function: getWeather }
  const time = { type: 'function' as const, function: { name: 'get_time' } }
  const request = { ...askParis, tools: [weather, time], max_tokens: 300 }
  const namedWeather = { type: 'function' as const, function: { name: 'get_weather' } }

  // Catches calls that a client cannot run: a wrong name, arguments that are no JSON or not of the schema.
  test('are called as chosen, whole and in a stream', async () => {
    const named = await openai.chat.completions.create({ ...request, tool_choice: namedWeather })
    const [call] = named.choices[0]!.message.tool_calls!
    expect(named.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } })
    expect(call).toMatchObject({ type: 'function', id: expect.stringMatching(/./), function: { name: 'get_weather' } })
    if (call!.type !== 'function') throw new Error('not a function')
    expect(JSON.parse(call!.function.arguments)).toMatchObject({ city: /Paris|Rome/, days: expect.any(Number) })

    const stream = openai.chat.completions.stream({ ...request, tool_choice: namedWeather })
    const streamed = await stream.finalChatCompletion()
    expect(streamed.choices[0]!.finish_reason).toBe('tool_calls')
    expect(streamed.choices[0]!.message.tool_calls).toMatchObject([{ function: call!.function }])

    const oneRequired = { ...request, tool_choice: 'required' as const, parallel_tool_calls: false }
    const required = await openai.chat.completions.create(oneRequired)
    expect(required.choices[0]!.message.tool_calls).toHaveLength(1)
  })

  // Catches offered tools that take the place of an answer, and their results that the prompt cannot hold.
  test('leave a plain answer plain, and their results can be given back', async () => {
    const none = await openai.chat.completions.create({ ...request, tool_choice: 'none' })
    expect(none.choices[0]).toMatchObject({ message: { content: paris }, finish_reason: 'stop' })
    const toolCall = { id: 'call_1', type: 'function' as const, function: { name: 'get_time', arguments: '{}' } }
    const answer = await openai.chat.completions.create({
      ...request,
      messages: [
        ...askParis.messages,
        { role: 'assistant', content: null, tool_calls: [toolCall] },
        { role: 'tool', tool_call_id: 'call_1', content: '12:00' },
      ],
      max_tokens: 5,
    })
    expect(answer.choices).toHaveLength(1)
  })

  // Catches the older form being answered in the newer one.
  test('have an older form', async () => {
    const old = { ...askParis, functions: [getWeather], function_call: { name: 'get_weather' } }
    const [choice] = (await openai.chat.completions.create(old)).choices
    expect(choice).toMatchObject({
      finish_reason: 'function_call',
      message: { function_call: { name: 'get_weather' } },
    })
  })
})

describe('a completion', () => {
  // Catches a prompt that is put through the template, and texts in another order than their prompts.
  test('goes on with the text as it stands', async () => {
    const prompt = ['<|begin_of_text|>法国的', '羊驼']
    const request = { model: demo, prompt, max_tokens: 4, temperature: 0, echo: true }
    const { choices, usage } = await openai.completions.create(request)
    expect(choices.map(({ index, text }) => text.startsWith(prompt[index]!))).toEqual([true, true])
    expect(usage!.completion_tokens).toBeLessThanOrEqual(8)
    const streamed = ['', '']
    for await (const { choices } of await openai.completions.create({ ...request, stream: true })) {
      for (const { index, text } of choices) streamed[index] += text
    }
    expect(streamed).toEqual(choices.map(({ text }) => text))
  })

  // Catches the older shape of probabilities being off by a token.
  test('tells the probabilities in the older shape', async () => {
    const request = { model: demo, prompt: '羊驼', max_tokens: 4, temperature: 0, logprobs: 2 }
    const { text, logprobs } = (await openai.completions.create(request)).choices[0]!
    const { tokens, text_offset: offsets } = logprobs!
    expect(tokens!.join('')).toBe(text)
    expect(tokens!.map((token, index) => text.substr(offsets![index]!, token.length))).toEqual(tokens)
  })

  // Catches a suffix that is dropped where the model cannot fill in.
  test('with a suffix is refused by a model that cannot fill in', async () => {
    const call = openai.completions.create({ model: demo, prompt: 'a', suffix: 'b' })
    expect((await failureOf(call, BadRequestError)).code).toBe('infill_unsupported')
  })
})

describe('embeddings', () => {
  // Catches numbers in another order or width than the client reads them from base64, its default.
  test('are the same as numbers and as base64', async () => {
    const input = ['今天天气真不错', 'hello']
    const packed = await openai.embeddings.create({ model: demo, input })
    const plain = await openai.embeddings.create({ model: demo, input, encoding_format: 'float' })
    expect(packed.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([[0, 256], [1, 256]])
    plain.data.forEach(({ embedding }, index) => {
      embedding.forEach((value, at) => expect(packed.data[index]!.embedding[at]).toBeCloseTo(value, 6))
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 4)
    })
    expect(plain.usage.prompt_tokens).toBeGreaterThan(2)
    const narrow = openai.embeddings.create({ model: demo, input, dimensions: 8 })
    const { param } = await failureOf(narrow, BadRequestError)
    expect(param).toBe('dimensions')
  })
})

describe('what is wrong', () => {
  // Catches errors that the client turns into another class, or that do not say what to change.
  test('is told in the shape of OpenAI', async () => {
    const chat = (fields: object) => openai.chat.completions.create({ ...askParis, ...fields })
    expect(await failureOf(chat({ temperature: 3 }), BadRequestError)).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      param: 'temperature',
      code: 'request_invalid',
    })
    const unknown = { code: 'model_not_found', param: 'model' }
    expect(await failureOf(chat({ model: 'gpt-5' }), NotFoundError)).toMatchObject(unknown)
    const long = ask('哪里？'.repeat(2000))
    const tooLong = { code: 'context_length_exceeded' }
    expect(await failureOf(chat(long), BadRequestError)).toMatchObject(tooLong)
    expect(await failureOf(chat({ ...long, stream: true }), BadRequestError)).toMatchObject(tooLong)
    const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
    expect(await failureOf(chat({ messages: [{ role: 'user', content: [picture] }] }), BadRequestError)).toMatchObject({
      param: 'messages[0].content[0].type',
    })
    const schema = { type: 'object', properties: { a: { type: 'nonsense' } } }
    const response_format = { type: 'json_schema', json_schema: { name: 'a', schema } }
    expect(await failureOf(chat({ response_format }), BadRequestError)).toMatchObject({ code: 'grammar_invalid' })
  })
})
