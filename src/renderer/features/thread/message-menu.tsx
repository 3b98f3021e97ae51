import { Binary, Ellipsis, GitFork, Info, RefreshCcwDot, ScanText, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/contract/chats.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { CopyRichTextItem } from './copy-rich-text.tsx'
import { deleteBranch, fork } from './thread-actions.ts'
import { showThreadDialog } from './thread-dialogs-store.ts'

/** What is done with a message less often. */
export function MessageMenu({ message }: { message: Message }) {
  const { t } = useTranslation()
  const { id, role, parentId, runCard } = message
  const isUser = role === 'user'
  const userMessageId = isUser ? id : parentId
  return (
    <Menu trigger={<IconButton label={t('common.more')} icon={Ellipsis} className="size-6!" />}>
      {userMessageId && (
        <MenuItem
          icon={RefreshCcwDot}
          onSelect={() => showThreadDialog({ type: 'variants', of: { userMessageId } })}
        >
          {t('message.regenerateWith')}
        </MenuItem>
      )}
      {!isUser && message.text !== '' && <CopyRichTextItem text={message.text} />}
      {!isUser && message.text !== '' && (
        <MenuItem icon={Binary} onSelect={() => showThreadDialog({ type: 'tokens', answerId: id })}>
          {t('message.tokens')}
        </MenuItem>
      )}
      {!isUser && (
        <MenuItem icon={ScanText} onSelect={() => showThreadDialog({ type: 'prompt', of: { answerId: id } })}>
          {t('message.prompt')}
        </MenuItem>
      )}
      {runCard && (
        <MenuItem icon={Info} onSelect={() => showThreadDialog({ type: 'run-card', card: runCard })}>
          {t('message.runCard')}
        </MenuItem>
      )}
      <MenuItem icon={GitFork} onSelect={() => void fork(message)}>
        {t('message.fork')}
      </MenuItem>
      <MenuItem icon={Trash2} danger onSelect={() => void deleteBranch(id)}>
        {t('message.deleteBranch')}
      </MenuItem>
    </Menu>
  )
}
