import { useTranslation } from 'react-i18next'
import type { TokenChoice } from '../../../shared/contract/generation.ts'
import { isWhole } from './token-pieces.ts'
import { shownToken, tokenPercent } from './token-text.ts'

interface TokenChoicesProps {
  token: TokenChoice & { choices: TokenChoice[] }
  /** It begins inside a character. */
  isInside: boolean
  onContinue: (text: string) => void
}

/** What could have stood in a token's place, the likeliest first. Another one begins another version of the answer. */
export function TokenChoices({ token, isInside, onContinue }: TokenChoicesProps) {
  const { t } = useTranslation()
  const isAmong = token.choices.some(({ text }) => text === token.text)
  const choices = isAmong ? token.choices : [...token.choices, token]
  return (
    <>
      <h3 className="pb-2 font-semibold">{t('prompt.choices')}</h3>
      {isInside && <p className="pb-2 text-secondary">{t('prompt.insideCharacter')}</p>}
      <ul className="flex flex-col gap-1">
        {choices.map((choice, index) => {
          const isTaken = choice.text === token.text
          const shown = shownToken(choice.text)
          return (
            <li key={index}>
              <button
                type="button"
                disabled={isTaken || isInside || !isWhole(choice.text)}
                title={isWhole(choice.text) ? undefined : t('prompt.partOfCharacter')}
                aria-label={isTaken ? undefined : t('prompt.continueFrom', { token: choice.text })}
                onClick={() => onContinue(choice.text)}
                className="flex w-full items-center gap-2 rounded-small px-1.5 py-1 text-start hover:bg-hover
                  disabled:pointer-events-none"
              >
                <span className="w-24 shrink-0 truncate text-reading">{shown}</span>
                <span aria-hidden className="h-1.5 min-w-0 flex-1 rounded-full bg-line">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${choice.probability * 100}%` }}
                  />
                </span>
                <span className="w-12 shrink-0 text-end">{tokenPercent(choice.probability)}</span>
                <span className="w-10 shrink-0 text-small text-secondary">{isTaken && t('prompt.taken')}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </>
  )
}
