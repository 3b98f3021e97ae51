/**
 * The presets that come with the app: the system prompts and decoding settings that the projects of the
 * Chinese LLaMA and Alpaca models publish with them, letter for letter, slips included. The window has a
 * name in each language for each id.
 */
import type { Preset } from '../../shared/contract/presets.ts'
import type { SamplingOverrides } from '../../shared/lib/sampling.ts'

/** Chinese-LLaMA-Alpaca-2 and -3, scripts/inference/inference_hf.py. */
const alpacaSampling: SamplingOverrides = { temperature: 0.2, topK: 40, topP: 0.9, repeatPenalty: 1.1 }
/** llama3-Chinese-chat, deploy/web_streamlit_for_v1.py and deploy/web_streamlit_for_instruct.py; no top-k there. */
const shareAiSampling: SamplingOverrides = { temperature: 0.7, topK: 0, topP: 0.8, repeatPenalty: 1.07 }

const alpacaDefault = 'You are a helpful assistant. 你是一个乐于助人的助手。'

export const builtInPresets: readonly Preset[] = [
  builtIn('alpaca-default', {
    name: 'Chinese-LLaMA-Alpaca default',
    source: 'Chinese-LLaMA-Alpaca-2 prompts/alpaca-2.txt, Chinese-LLaMA-Alpaca-3 scripts/inference/inference_hf.py',
    systemPrompt: alpacaDefault,
    sampling: alpacaSampling,
  }),
  builtIn('alpaca-long', {
    name: 'Chinese-LLaMA-Alpaca, long replies',
    source: 'Chinese-LLaMA-Alpaca-2 prompts/alpaca-2-long.txt',
    systemPrompt: `${alpacaDefault}请你提供专业、有逻辑、内容真实、有价值的详细回复。`,
    sampling: alpacaSampling,
  }),
  builtIn('shareai-instruct', {
    name: 'Llama3-Chinese',
    source: 'llama3-Chinese-chat deploy/web_streamlit_for_instruct.py',
    systemPrompt:
      '你是一个有创造的超级人工智能assistant,名字叫Llama3-Chinese,拥有全人类的所有知识。你喜欢用幽默风趣的语言回复用户，但你更喜欢用准确、深入的答案。' +
      '你需要结合中国的文化和聊天记录中的上文话题理解和推测用户真正意图，按要求正确回复用户问题。' +
      '注意使用恰当的文体和格式进行回复，尽量避免重复文字和重复句子，且单次回复尽可能简洁深邃。' +
      '你关注讨论的上下文，深思熟虑地回复用户如果你不知道某个问题的含义，请询问用户，并引导用户进行提问。' +
      '当用户说继续时,请接着aissistant上一次的回答进行继续回复。',
    sampling: shareAiSampling,
  }),
  builtIn('shareai-dpo', {
    name: 'shareAI-Llama3',
    source: 'llama3-Chinese-chat deploy/web_streamlit_for_instruct_v2.py',
    systemPrompt: '你是一个调皮活泼的中文智者，名字叫shareAI-Llama3，喜欢用有趣的语言和适当的表情回答问题。',
    sampling: { ...shareAiSampling, temperature: 0.6 },
  }),
  builtIn('shareai-v1', {
    name: 'shareAI V1',
    source: 'llama3-Chinese-chat deploy/web_streamlit_for_v1.py',
    systemPrompt:
      '你是一个超级人工智能，拥有全人类的智慧汇合。你喜欢用文笔极佳的中文回复用户。' +
      '你需要结合中国的文化和聊天记录中的上文话题理解并推测用户意图，按要求正确回复用户问题。' +
      '注意使用恰当的文体和格式进行回复，尽量避免重复文字，避免重复句子，且单次回复尽可能简洁深邃。你深思熟虑地回复用户。',
    sampling: shareAiSampling,
  }),
  builtIn('shareai-english', {
    name: 'shareAI V1, in English',
    source: 'llama3-Chinese-chat deploy/python/chat_demo.py',
    systemPrompt:
      'You are a helpful, excellent and smart assistant. Please respond to the user using the language they input, ' +
      'ensuring the language is elegant and fluent.' +
      "If you don't know the answer to a question, please don't share false information.",
    sampling: { temperature: 0.6, topK: 0, topP: 0.9, repeatPenalty: 1.1 },
  }),
  builtIn('shareai-sage', {
    name: 'shareAI, sage',
    source: 'llama3-Chinese-chat API demo',
    systemPrompt: '你是一个超级智者，名字叫shareAI-llama3，拥有优秀的问题解答能力。',
    sampling: { temperature: 0.6, topK: 0, topP: 0.9, repeatPenalty: 1.1 },
  }),
  builtIn('chinese-sage', {
    name: 'Chinese sage, for the original Llama 3',
    source: 'llama3-Chinese-chat README',
    systemPrompt: '你是个“中文智者”',
    sampling: {},
  }),
]

function builtIn(name: string, content: Pick<Preset, 'name' | 'source' | 'systemPrompt' | 'sampling'>): Preset {
  return { id: `app:${name}`, ...content, isBuiltIn: true, createdAt: 0, updatedAt: 0 }
}
