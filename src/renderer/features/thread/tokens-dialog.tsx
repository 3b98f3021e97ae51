/** An answer token by token: how likely each was, what else could have stood there, and the way on from another. */
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { client } from '../../lib/client.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { AnswerTokens } from './answer-tokens.tsx'
import { continueAnswer } from './thread-actions.ts'
import { useThread } from './thread-store.ts'
import { useCall } from './use-call.ts'

interface TokensDialogProps {
  answerId: string
  onClose: () => void
}

export default function TokensDialog({ answerId, onClose }: TokensDialogProps) {
  const { t } = useTranslation()
  const text = useThread(({ messages }) => messages.get(answerId)?.text ?? '')
  const { value: tokens, failure } = useCall(answerId, (signal) =>
    client.generation.answerTokens({ answerId }, { signal }),
  )
  return (
    <Dialog open wide onClose={onClose} title={t('prompt.tokensOf')}>
      {failure && <p role="alert">{failureSentence(t, failure)}</p>}
      {!tokens && !failure && (
        <p role="status" className="text-secondary">
          {t('prompt.tokensLoading')}
        </p>
      )}
      {tokens?.length === 0 && <p>{t('prompt.noTokens')}</p>}
      {tokens && tokens.length > 0 && (
        <div className="flex h-full flex-col gap-3">
          <p className="text-secondary">{t('prompt.tokensHint')}</p>
          <AnswerTokens
            tokens={tokens}
            text={text}
            onContinue={(from) => {
              onClose()
              void continueAnswer(answerId, from)
            }}
          />
        </div>
      )}
    </Dialog>
  )
}
