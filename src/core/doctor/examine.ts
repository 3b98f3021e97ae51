/**
 * What can be told of a model from its file alone: will it be spoken to as it was trained, and does
 * it know when to stop? These models run on endlessly in other apps, mostly because of a wrong
 * template or an end token that was forgotten. A pure function; it never throws, whatever a file says.
 */
import type { Finding, FindingCode, FindingOutcome } from '../../shared/contract/doctor.ts'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { InspectResult } from '../../shared/engine/messages.ts'
import { chooseChatTemplate } from '../../shared/lib/chat-templates.ts'
import { familyOf, familyVocabularySizes, namesBase, namesChat, normaliseNames, type Family } from './family.ts'

export interface Patient {
  facts: InspectResult
  /** What the app calls it, which may be an Ollama tag. */
  name: string
  repository: string | null
  loadOverrides: LoadOverrides
  /** What a person said it is; null = nobody did. */
  setKind: Model['kind'] | null
}

export interface Examination {
  kind: Model['kind']
  /** In the order of `findingCodes`; none for an adapter. */
  findings: Finding[]
}

type ChatFacts = NonNullable<InspectResult['chat']>

/** All that the single findings look at. */
interface Case {
  patient: Patient
  chat: ChatFacts
  family: Family | null
  kind: Model['kind']
  /** The family template that the app takes by itself when the file has none. */
  automaticTemplate: string
  preTokenizer: string | null
}

export function examine(patient: Patient): Examination {
  const { facts, loadOverrides, setKind } = patient
  const { chat } = facts
  if (!chat) return { kind: setKind ?? 'chat', findings: [] }
  const places = (facts.paths[0] ?? '').split(/[\\/]/).slice(-3)
  const names = normaliseNames([patient.name, facts.name, patient.repository ?? '', ...chat.names, ...places])
  const family = familyOf(names, facts.vocabularySize)
  const fileKind = kindOf(chat, family, names)
  const seen: Case = {
    patient,
    chat,
    family,
    kind: setKind ?? fileKind.kind,
    automaticTemplate: automaticTemplate(facts.vocabularySize, chat),
    preTokenizer: loadOverrides.preTokenizer ?? chat.preTokenizer,
  }
  return {
    kind: seen.kind,
    findings: [
      familyFinding(family, facts),
      kindFinding(setKind, fileKind),
      templateFinding(seen),
      bosFinding(seen),
      endFinding(seen),
      preTokenizerFinding(seen),
      vocabularyFinding(facts.vocabularySize, family),
    ],
  }
}

function familyFinding(family: Family | null, { architecture }: InspectResult): Finding {
  return family ? good('family', 'known', { family: family.name }) : good('family', 'unknown', { architecture })
}

interface FileKind {
  kind: Model['kind']
  isSure: boolean
}

function kindOf({ template }: ChatFacts, family: Family | null, names: string): FileKind {
  if (family?.kind) return { kind: family.kind, isSure: true }
  if (namesChat(names) || template !== null) return { kind: 'chat', isSure: true }
  if (namesBase(names)) return { kind: 'base', isSure: false }
  return { kind: 'chat', isSure: false }
}

function kindFinding(setKind: Model['kind'] | null, file: FileKind): Finding {
  const other = file.kind === 'chat' ? 'base' : 'chat'
  if (setKind === null) {
    if (file.isSure) return good('kind', file.kind)
    return advice('kind', `${file.kind}-guessed`, {}, { kind: other })
  }
  if (setKind === file.kind || !file.isSure) return good('kind', `${setKind}-set`)
  return advice('kind', `${setKind}-against-file`, {}, { kind: file.kind })
}

function templateFinding({ patient, chat, family, kind, automaticTemplate }: Case): Finding {
  const choice = patient.loadOverrides.template ?? { type: 'automatic' }
  if (kind === 'base') return good('template', 'not-needed')
  if (choice.type === 'family') return good('template', 'chosen', { template: choice.family })
  if (choice.type === 'jinja') return good('template', 'custom')
  const wanted = family?.template ?? null
  const fix = (template: string) => ({ loadOverrides: { template: { type: 'family', family: template } } }) as Fix
  if (chat.template !== null) {
    const mark = foreignMark(chat)
    if (mark === undefined) return good('template', 'file')
    return problem('template', 'foreign-mark', { mark }, wanted && fix(wanted))
  }
  if (wanted === null) return advice('template', 'guessed', { template: automaticTemplate }, fix(automaticTemplate))
  if (wanted === automaticTemplate) return good('template', 'by-vocabulary', { template: wanted })
  return problem('template', 'another', { template: automaticTemplate, wanted }, fix(wanted))
}

function automaticTemplate(size: number, { bosText, eosText, markerTexts }: ChatFacts): string {
  const hasToken = (text: string) => markerTexts.includes(text)
  return chooseChatTemplate(null, { size, hasToken, bosText: bosText ?? '', eosText: eosText ?? '' }).name
}

/** Marks of turns that must be tokens, or the model reads them as words. */
const turnMarks = [
  '<|im_start|>',
  '<|im_end|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
  '<start_of_turn>',
  '<end_of_turn>',
]

/** The first mark that the template writes and the vocabulary does not have. */
function foreignMark({ template, markerTexts, endTexts }: ChatFacts): string | undefined {
  return turnMarks.find((mark) => template?.includes(mark) && ![...markerTexts, ...endTexts].includes(mark))
}

function bosFinding({ patient, chat, family, preTokenizer }: Case): Finding {
  const { bosText, tokenizer } = chat
  const choice = patient.loadOverrides.template
  const template = choice?.type === 'jinja' ? choice.source : chat.template
  if (bosText === null) return family ? problem('bos-token', 'missing', {}) : good('bos-token', 'none')
  const data = { token: bosText }
  // Where the file says nothing, so llama.cpp does: always for SentencePiece, for BPE by the pre-tokenizer.
  const isAdded = chat.addsBos ?? (tokenizer === 'llama' || llama3PreTokenizers.includes(preTokenizer ?? ''))
  if (isAdded) return good('bos-token', 'added', data)
  if (template !== null && (template.includes('bos_token') || template.includes(bosText))) {
    return good('bos-token', 'by-template', data)
  }
  if (!family) return good('bos-token', 'unused', data)
  return problem('bos-token', 'not-added', data, preTokenizerFix(chat, family, preTokenizer))
}

/** What ends a turn by the template in use, as far as the app knows it. */
function turnEnd({ patient, chat, automaticTemplate }: Case): string | null {
  const choice = patient.loadOverrides.template ?? { type: 'automatic' }
  const source = choice.type === 'jinja' ? choice.source : choice.type === 'automatic' ? chat.template : null
  if (source !== null) return turnEnds.find((mark) => source.includes(mark)) ?? null
  return turnEndOf[choice.type === 'family' ? choice.family : automaticTemplate] ?? null
}

const turnEnds = ['<|eot_id|>', '<|im_end|>', '<end_of_turn>']

const turnEndOf: Record<string, string> = {
  alpaca: '</s>',
  'alpaca-2': '</s>',
  'llama-3-instruct': '<|eot_id|>',
  'shareai-v1': '<|end_of_text|>',
  'shareai-instruct': '<|eot_id|>',
  chatml: '<|im_end|>',
  gemma: '<end_of_turn>',
}

function endFinding(seen: Case): Finding {
  const { chat, patient, kind } = seen
  const { eosText, endTexts } = chat
  const stopTexts = patient.loadOverrides.stopTexts ?? []
  const end = kind === 'chat' ? (turnEnd(seen) ?? eosText) : eosText
  const tokens = endTexts.join(' ')
  if (end !== null && stopTexts.includes(end)) return good('end-tokens', 'stop-text', { token: end })
  if (end === null) {
    if (endTexts.length > 0) return good('end-tokens', 'known', { tokens })
    return kind === 'base' ? advice('end-tokens', 'none-base', {}) : problem('end-tokens', 'none', {})
  }
  if (!endTexts.includes(end)) {
    const isUsable = end.trim() !== '' && end.length <= 200
    const fix = isUsable ? { loadOverrides: { stopTexts: [end, ...stopTexts.slice(0, 15)] } } : null
    return problem('end-tokens', 'not-an-end', { token: end }, fix)
  }
  // The file names one end, the turns have another: other apps run on, llama.cpp knows it by its text.
  if (eosText !== null && end !== eosText) return good('end-tokens', 'by-text', { token: end, eos: eosText })
  return good('end-tokens', 'known', { tokens })
}

/** Names that llama.cpp takes for Llama 3's, and adds a BOS for. Source: llama-vocab.cpp. */
const llama3PreTokenizers = ['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'midm-2.0', 'lfm2']

/** Files of Llama 3 made before 2024-04-30 lack it: llama.cpp then cuts words wrongly and adds no BOS. */
function preTokenizerFinding({ patient, chat, family, preTokenizer }: Case): Finding {
  if (chat.tokenizer !== 'gpt2') return good('pre-tokenizer', 'not-needed')
  if (preTokenizer === null || preTokenizer === 'default') {
    return problem('pre-tokenizer', 'missing', {}, preTokenizerFix(chat, family, preTokenizer))
  }
  const isSet = (patient.loadOverrides.preTokenizer ?? null) !== null
  return good('pre-tokenizer', isSet ? 'set' : 'present', { preTokenizer })
}

function preTokenizerFix({ tokenizer }: ChatFacts, family: Family | null, preTokenizer: string | null): Fix | null {
  const isMissing = preTokenizer === null || preTokenizer === 'default'
  const isLlama3 = tokenizer === 'gpt2' && family?.vocabularySize === 128256
  return isMissing && isLlama3 ? { loadOverrides: { preTokenizer: 'llama-bpe' } } : null
}

function vocabularyFinding(size: number, family: Family | null): Finding {
  if (!family) return good('vocabulary-size', 'unchecked', { size })
  const data = { size, expected: family.vocabularySize, family: family.name }
  if (size === family.vocabularySize) return good('vocabulary-size', 'matches', data)
  if (size < family.vocabularySize || familyVocabularySizes.includes(size)) {
    return problem('vocabulary-size', 'another', data)
  }
  return advice('vocabulary-size', 'extended', data)
}

type Fix = NonNullable<Finding['fix']>
type Data = Finding['data']

function good<C extends FindingCode>(code: C, outcome: FindingOutcome<C>, data: Data = {}): Finding {
  return { code, grade: 'good', outcome, data, fix: null }
}

function advice<C extends FindingCode>(
  code: C,
  outcome: FindingOutcome<C>,
  data: Data,
  fix: Fix | null = null,
): Finding {
  return { code, grade: 'advice', outcome, data, fix }
}

function problem<C extends FindingCode>(
  code: C,
  outcome: FindingOutcome<C>,
  data: Data,
  fix: Fix | null = null,
): Finding {
  return { code, grade: 'problem', outcome, data, fix }
}
