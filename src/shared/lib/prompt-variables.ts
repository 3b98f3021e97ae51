/** The variables of a system prompt, filled in when a message is sent: `{{date}}`, `{{time}}`, `{{model}}`, `{{language}}`. */
export const promptVariableNames = ['date', 'time', 'model', 'language'] as const
export type PromptVariableName = (typeof promptVariableNames)[number]

export interface PromptVariableFacts {
  now: Date
  modelName: string
  language: 'zh' | 'en'
}

/** What is no variable stays as it stands. */
export function fillPromptVariables(text: string, facts: PromptVariableFacts): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => {
    return isVariableName(name) ? promptVariableValue(name, facts) : whole
  })
}

export function promptVariableValue(name: PromptVariableName, { now, modelName, language }: PromptVariableFacts): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-US'
  if (name === 'date') return new Intl.DateTimeFormat(locale, { dateStyle: 'full' }).format(now)
  if (name === 'time') return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(now)
  if (name === 'model') return modelName
  return language === 'zh' ? '中文' : 'English'
}

function isVariableName(name: string): name is PromptVariableName {
  return (promptVariableNames as readonly string[]).includes(name)
}
