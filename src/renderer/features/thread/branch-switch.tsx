import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'
import { showBranch } from './thread-actions.ts'
import { useThread } from './thread-store.ts'

interface BranchSwitchProps {
  messageId: string
  parentId: string | null
}

/** ‹ 2/3 ›, where a message has other versions. */
export function BranchSwitch({ messageId, parentId }: BranchSwitchProps) {
  const { t } = useTranslation()
  const versions = useThread(({ children }) => children.get(parentId))
  if (!versions || versions.length < 2) return null
  const index = versions.indexOf(messageId)
  const show = (id: string | undefined) => id && void showBranch(id)
  return (
    <div className="flex items-center text-small text-secondary">
      <IconButton
        label={t('thread.previousVersion')}
        icon={ChevronLeft}
        className="size-6!"
        disabled={index === 0}
        onClick={() => show(versions[index - 1])}
      />
      <span>{t('thread.version', { number: index + 1, count: versions.length })}</span>
      <IconButton
        label={t('thread.nextVersion')}
        icon={ChevronRight}
        className="size-6!"
        disabled={index === versions.length - 1}
        onClick={() => show(versions[index + 1])}
      />
    </div>
  )
}
