import type { doctor as english } from '../en/doctor.ts'
import type { Messages } from '../messages.ts'

export const doctor: Messages<typeof english> = {
  family: {
    known: '属于 {{family}} 系列。',
    unknown: '不在已知的系列之中，架构是 {{architecture}}。',
  },
  kind: {
    chat: '对话模型。',
    base: '基座模型：只会续写文本，在续写视图中打开。',
    'chat-guessed': '文件里看不出它是否学过对话，先当作对话模型。修复：改为基座模型。',
    'base-guessed': '没有对话模板，名字也像基座模型，先当作基座模型。修复：改为对话模型。',
    'chat-set': '对话模型（你设定的）。',
    'base-set': '基座模型（你设定的）。',
    'chat-against-file': '你把它设成了对话模型，但它看起来是基座模型。修复：改为基座模型。',
    'base-against-file': '你把它设成了基座模型，但它看起来是对话模型。修复：改为对话模型。',
  },
  template: {
    'not-needed': '基座模型不需要对话模板。',
    chosen: '用的是你选的对话模板 {{template}}。',
    custom: '用的是你写的对话模板。',
    file: '文件自带对话模板。',
    'foreign-mark': '文件自带的模板里有 {{mark}}，词表中却没有它，模型只会把它当成普通字符来读。',
    guessed: '文件没有对话模板，{{template}} 是猜的。修复：就定为这个模板。',
    'by-vocabulary': '文件没有对话模板，按系列使用 {{template}}，这正是训练时用的。',
    another: '文件没有对话模板，默认会用 {{template}}，但这个系列训练时用的是 {{wanted}}。修复：改用后者。',
  },
  'bos-token': {
    added: '每段提示都以 {{token}} 开头，正该如此。',
    'by-template': '对话模板会在开头写上 {{token}}。',
    none: '没有表示文本开头的词元。',
    unused: '有表示文本开头的 {{token}}，但提示里用不着。',
    missing: '这个系列需要表示文本开头的词元，文件里却没有。请换一个文件。',
    'not-added': '这个系列的提示要以 {{token}} 开头，文件却没有要求加上。',
  },
  'end-tokens': {
    known: '回答在 {{tokens}} 处结束。',
    'by-text': '它的每一轮以 {{token}} 结束，文件写的却是 {{eos}}。在有些应用里它会停不下来，在这里遇到两者都会停。',
    'stop-text': '{{token}} 是这个模型的停止文本，回答到它为止。',
    'none-base': '文件没有写明结束词元：续写会一直进行，直到上限或由你停止。',
    none: '文件没有写明回答的结束词元。请设置长度上限或停止文本。',
    'not-an-end': '它的每一轮以 {{token}} 结束，但没有任何地方说明回答到此为止。修复：把它设为停止文本。',
  },
  'pre-tokenizer': {
    'not-needed': '它的词表不需要预分词器。',
    present: '预分词器是 {{preTokenizer}}。',
    set: '预分词器是 {{preTokenizer}}，是为这个模型设定的。',
    missing:
      '文件没有写明预分词器，文字会切错，回答质量下降。2024 年 4 月 30 日之前制作的 Llama 3 文件都是这样：最好换用新文件；能修复时，会设为正确的那一种。',
  },
  'vocabulary-size': {
    unchecked: '词表有 {{size}} 个词元。',
    matches: '词表有 {{size}} 个词元，与 {{family}} 相符。',
    extended: '词表有 {{size}} 个词元，比 {{family}} 的 {{expected}} 个多，有一些是后加的。',
    another: '词表有 {{size}} 个词元，而 {{family}} 应有 {{expected}} 个：要么名字不对，要么合并时用了别的模型的分词器。',
  },
  probe: {
    stops: '{{asked}} 个回答都自己结束了。',
    sometimes: '{{asked}} 个回答中有 {{stopped}} 个自己结束，其余到上限时还没有停。',
    'runs-on': '{{asked}} 个回答没有一个自己结束。换一个对话模板试试，或者看看它是不是基座模型。',
    'next-turn': '它没有停，接着写起了下一轮：回答里出现了“{{text}}”。修复：把它设为停止文本。',
    silent: '它什么也没有写，对话模板多半不是它自己的。',
  },
}
