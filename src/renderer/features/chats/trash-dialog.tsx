import { useVirtualizer } from '@tanstack/react-virtual'
import { RotateCcw, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrashedChat } from '../../../shared/contract/chats.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { client } from '../../lib/client.ts'
import { formatDay } from '../../lib/i18n/format.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { showToast } from '../../lib/toast-store.ts'
import { chatTitle, restoreChats } from './chat-actions.ts'
import { showDialog, useList } from './list-store.ts'

/** What was deleted: to be brought back, or to be deleted for good. */
export function TrashDialog() {
  const isOpen = useList(({ dialog }) => dialog?.kind === 'trash')
  return isOpen ? <Trash /> : null
}

function Trash() {
  const { t } = useTranslation()
  /** null until the host has told them. */
  const [trashed, setTrashed] = useState<TrashedChat[] | null>(null)
  const [checkedIds, setCheckedIds] = useState<ReadonlySet<string>>(new Set())
  const [askingFor, setAskingFor] = useState<TrashedChat[]>([])

  useEffect(() => {
    let closed = false
    client.chats.trashed().then((trashed) => closed || setTrashed(trashed), showFailure)
    return () => {
      closed = true
    }
  }, [])

  const all = trashed ?? []
  const checked = all.filter(({ id }) => checkedIds.has(id))
  function takeOut(gone: readonly TrashedChat[]) {
    setTrashed(all.filter((chat) => !gone.includes(chat)))
    setCheckedIds(new Set())
  }
  async function restore(chats: readonly TrashedChat[]) {
    if (!(await restoreChats(chats.map(({ id }) => id)))) return
    takeOut(chats)
    showToast({ text: t('trash.restored', { count: chats.length }) })
  }
  async function deleteForever(chats: readonly TrashedChat[]) {
    try {
      await client.chats.deleteForever({ chatIds: chats.map(({ id }) => id) })
      takeOut(chats)
    } catch (error) {
      showFailure(error)
    }
  }
  function toggle(chatId: string) {
    const next = new Set(checkedIds)
    if (!next.delete(chatId)) next.add(chatId)
    setCheckedIds(next)
  }

  return (
    <Dialog
      open
      onClose={() => showDialog(null)}
      title={t('trash.trash')}
      footer={
        all.length > 0 && (
          <div className="flex flex-1 flex-wrap items-center gap-2">
            <label className="me-auto flex items-center gap-2">
              <input
                type="checkbox"
                checked={checked.length === all.length}
                onChange={(event) => setCheckedIds(new Set(event.target.checked ? all.map(({ id }) => id) : []))}
              />
              {t('trash.selectAll')}
            </label>
            {checked.length > 0 ? (
              <>
                <Button onClick={() => setAskingFor(checked)}>{t('trash.deleteForever')}</Button>
                <Button look="primary" onClick={() => void restore(checked)}>
                  {t('trash.restoreCount', { count: checked.length })}
                </Button>
              </>
            ) : (
              <Button onClick={() => setAskingFor(all)}>{t('trash.emptyTrash')}</Button>
            )}
          </div>
        )
      }
    >
      <p className="pb-2 text-secondary">
        {t(trashed === null ? 'trash.loading' : all.length > 0 ? 'trash.hint' : 'trash.empty')}
      </p>
      {all.length > 0 && (
        <TrashList
          trashed={all}
          checkedIds={checkedIds}
          onToggle={toggle}
          onRestore={(chat) => void restore([chat])}
          onDelete={(chat) => setAskingFor([chat])}
        />
      )}
      <Question
        chats={askingFor}
        onAnswer={(isYes) => {
          setAskingFor([])
          if (isYes) void deleteForever(askingFor)
        }}
      />
    </Dialog>
  )
}

interface TrashListProps {
  trashed: TrashedChat[]
  checkedIds: ReadonlySet<string>
  onToggle: (chatId: string) => void
  onRestore: (chat: TrashedChat) => void
  onDelete: (chat: TrashedChat) => void
}

/** Only the rows in sight exist. */
function TrashList({ trashed, checkedIds, onToggle, onRestore, onDelete }: TrashListProps) {
  const { t } = useTranslation()
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const virtualizer = useVirtualizer({
    count: trashed.length,
    getScrollElement: () => scroller,
    estimateSize: () => 48,
    getItemKey: (index) => trashed[index]?.id ?? index,
    overscan: 6,
  })
  return (
    <div ref={setScroller} className="-mx-2 max-h-80 overflow-y-auto">
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const chat = trashed[index]
          if (!chat) return null
          const title = chatTitle(chat)
          return (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-setsize={trashed.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 flex items-center gap-1 rounded-control ps-2 hover:bg-hover"
              style={{ translate: `0 ${start}px` }}
            >
              <label className="flex min-w-0 flex-1 items-center gap-3 py-1.5">
                <input
                  type="checkbox"
                  aria-label={title}
                  checked={checkedIds.has(chat.id)}
                  onChange={() => onToggle(chat.id)}
                />
                <span className="min-w-0 flex-1">
                  <span className="block truncate" title={title}>
                    {title}
                  </span>
                  <span className="block truncate text-small text-secondary">
                    {formatDay(chat.trashedAt)} · {t('trash.messages', { count: chat.messageCount })}
                    {chat.folderName !== null && ` · ${t('trash.withFolder', { name: chat.folderName })}`}
                  </span>
                </span>
              </label>
              <IconButton label={t('trash.restore')} icon={RotateCcw} onClick={() => onRestore(chat)} />
              <IconButton label={t('trash.deleteForever')} icon={Trash2} onClick={() => onDelete(chat)} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

interface QuestionProps {
  /** Empty = nothing is asked. */
  chats: readonly TrashedChat[]
  onAnswer: (isYes: boolean) => void
}

/** Asked once, because there is no way back. */
function Question({ chats, onAnswer }: QuestionProps) {
  const { t } = useTranslation()
  const [first] = chats
  if (!first) return null
  return (
    <Dialog
      open
      onClose={() => onAnswer(false)}
      title={
        chats.length === 1
          ? t('trash.askOne', { title: chatTitle(first) })
          : t('trash.askMany', { count: chats.length })
      }
      footer={
        <>
          <Button onClick={() => onAnswer(false)}>{t('common.cancel')}</Button>
          <Button look="primary" onClick={() => onAnswer(true)}>
            {t('trash.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('trash.askHint')}</p>
    </Dialog>
  )
}
