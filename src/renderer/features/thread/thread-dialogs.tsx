import { lazy, Suspense } from 'react'
import { RunCardDialog } from './run-card-dialog.tsx'
import { showThreadDialog, useThreadDialogs } from './thread-dialogs-store.ts'

// Opened seldom; the thread starts without them.
const AttachmentDialog = lazy(() => import('./attachment-dialog.tsx'))
const PromptDialog = lazy(() => import('./prompt-dialog.tsx'))
const TokensDialog = lazy(() => import('./tokens-dialog.tsx'))
const VariantsDialog = lazy(() => import('./variants-dialog.tsx'))

/** The one dialog of the thread that is open, if one is. */
export function ThreadDialogs() {
  const dialog = useThreadDialogs((state) => state.dialog)
  const close = () => showThreadDialog(null)
  if (!dialog) return null
  return (
    <Suspense>
      {dialog.type === 'run-card' && <RunCardDialog card={dialog.card} onClose={close} />}
      {dialog.type === 'attachment' && <AttachmentDialog attachment={dialog.attachment} onClose={close} />}
      {dialog.type === 'prompt' && <PromptDialog of={dialog.of} onClose={close} />}
      {dialog.type === 'tokens' && <TokensDialog answerId={dialog.answerId} onClose={close} />}
      {dialog.type === 'variants' && <VariantsDialog of={dialog.of} onClose={close} />}
    </Suspense>
  )
}
