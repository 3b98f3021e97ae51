/** Programs that ask the server, to be copied. They use the official clients as they are. */
export const snippetLanguages = ['curl', 'python', 'javascript', 'langchain', 'ollama'] as const
export type SnippetLanguage = (typeof snippetLanguages)[number]

export interface SnippetValues {
  /** Without a path: `http://127.0.0.1:1234`. */
  url: string
  model: string
  /** Stands where the key goes; empty = none is needed. */
  key: string
  question: string
}

/** Clients that insist on a key take any where none is needed. */
const anyKey = 'yangtuo'

export const snippetTexts: Record<SnippetLanguage, (values: SnippetValues) => string> = {
  curl: ({ url, model, key, question }) =>
    [
      `curl ${url}/v1/chat/completions \\`,
      ...(key ? [`  -H "Authorization: Bearer ${key}" \\`] : []),
      '  -H "Content-Type: application/json" \\',
      `  -d '${JSON.stringify({ model, messages: [{ role: 'user', content: question }] })}'`,
    ].join('\n'),

  python: ({ url, model, key, question }) => `from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key="${key || anyKey}")
stream = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "${question}"}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)`,

  javascript: ({ url, model, key, question }) => `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${url}/v1', apiKey: '${key || anyKey}' })
const stream = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: '${question}' }],
  stream: true,
})
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')`,

  langchain: ({ url, model, key, question }) => `from langchain_openai import ChatOpenAI

chat = ChatOpenAI(base_url="${url}/v1", api_key="${key || anyKey}", model="${model}")
print(chat.invoke("${question}").content)`,

  ollama: ({ url, model, key, question }) => `from ollama import Client

client = Client(host="${url}"${key ? `, headers={"Authorization": "Bearer ${key}"}` : ''})
for part in client.chat("${model}", [{"role": "user", "content": "${question}"}], stream=True):
    print(part.message.content, end="", flush=True)`,
}
