import type { FindingCode, FindingOutcome } from '../../contract/doctor.ts'

/** A sentence for each outcome. Where there is a fix, it says what the fix does. */
export const doctor = {
  family: {
    known: 'It is of the family {{family}}.',
    unknown: 'It is none of the families known by heart; its architecture is {{architecture}}.',
  },
  kind: {
    chat: 'A chat model.',
    base: 'A base model: it continues a text, and opens in the completion view.',
    'chat-guessed':
      'Nothing in the file tells whether it was taught to chat; it is taken for a chat model. The fix makes it a base model.',
    'base-guessed':
      'It has no chat template and is named as base models are; it is taken for one. The fix makes it a chat model.',
    'chat-set': 'A chat model, as you set it.',
    'base-set': 'A base model, as you set it.',
    'chat-against-file': 'You set it as a chat model, but it looks like a base model. The fix makes it a base model.',
    'base-against-file': 'You set it as a base model, but it looks like a chat model. The fix makes it a chat model.',
  },
  template: {
    'not-needed': 'A base model needs no chat template.',
    chosen: 'You chose the chat template {{template}}.',
    custom: 'It uses the chat template that you wrote.',
    file: 'The file brings its own chat template.',
    'foreign-mark':
      'The template in the file writes {{mark}}, which the vocabulary does not know: the model reads it as plain letters.',
    guessed: 'The file has no chat template; {{template}} is a guess. The fix keeps that choice.',
    'by-vocabulary': 'The file has no chat template; {{template}} is the one its family was trained with.',
    another:
      'The file has no chat template; {{template}} would be used, but its family was trained with {{wanted}}. The fix chooses that one.',
  },
  'bos-token': {
    added: 'Every prompt begins with {{token}}, as it should.',
    'by-template': 'The chat template writes {{token}} at the beginning.',
    none: 'It has no token for the beginning of a text.',
    unused: 'It has {{token}} for the beginning of a text, and its prompts go without.',
    missing: 'The file names no token for the beginning of a text, which this family needs. Look for another file.',
    'not-added': 'This family needs {{token}} at the beginning, and the file does not ask for it.',
  },
  'end-tokens': {
    known: 'An answer ends at {{tokens}}.',
    'by-text':
      'Its turns end with {{token}}, and the file names {{eos}} instead. Some apps run on endlessly with it; here an answer ends at both.',
    'stop-text': 'An answer ends at {{token}}, because it is one of this model’s stop texts.',
    'none-base': 'The file names no token for the end: a continuation goes on until a limit or until you stop it.',
    none: 'The file names no token for the end of an answer. Set a limit or a stop text.',
    'not-an-end': 'Its turns end with {{token}}, but nothing tells that an answer is over there. The fix makes it a stop text.',
  },
  'pre-tokenizer': {
    'not-needed': 'Its vocabulary needs no pre-tokenizer.',
    present: 'The pre-tokenizer is {{preTokenizer}}.',
    set: 'The pre-tokenizer is {{preTokenizer}}, as set for this model.',
    missing:
      'The file names no pre-tokenizer, so words are cut in the wrong way and the answers are worse. Llama 3 files made before 30 April 2024 are like this: a newer file is best; where there is a fix, it sets the right one.',
  },
  'vocabulary-size': {
    unchecked: 'Its vocabulary has {{size}} tokens.',
    matches: 'Its vocabulary has {{size}} tokens, as {{family}} must.',
    extended: 'Its vocabulary has {{size}} tokens, more than the {{expected}} of {{family}}. Some were added.',
    another:
      'Its vocabulary has {{size}} tokens, but {{family}} has {{expected}}: its name is wrong, or it was put together with another model’s tokenizer.',
  },
  probe: {
    stops: 'It ended all {{asked}} answers by itself.',
    sometimes: 'It ended {{stopped}} of {{asked}} answers by itself; the others were still going at the limit.',
    'runs-on': 'It ended none of {{asked}} answers by itself. Try another chat template, or see whether it is a base model.',
    'next-turn':
      'It did not stop and went on with the next turn: “{{text}}” stands in an answer. The fix makes that a stop text.',
    silent: 'It wrote nothing. The chat template is probably not its own.',
  },
} satisfies { [Code in FindingCode]: Record<FindingOutcome<Code>, string> }
