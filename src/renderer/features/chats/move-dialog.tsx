import { Check, CornerLeftUp, Folder as FolderIcon, FolderPlus } from 'lucide-react'
import { useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { useFolders } from '../../lib/folders-store.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { chatTitle, moveChats } from './chat-actions.ts'
import { useChats } from './chats-store.ts'
import { createFolder, moveFolder } from './folder-actions.ts'
import { closeDialog, endSelection, useList } from './list-store.ts'
import { movePlaces } from './move-places.ts'

/** Where chats or a folder shall go: the way by the keyboard, beside dragging. */
export function MoveDialog() {
  const dialog = useList((state) => state.dialog)
  if (dialog?.kind === 'move') return <MoveTo chatIds={dialog.chatIds} folderId={null} />
  return dialog?.kind === 'move-folder' ? <MoveTo chatIds={[]} folderId={dialog.folderId} /> : null
}

interface Option {
  key: string
  icon: typeof FolderIcon
  name: string
  depth: number
  above: string[]
  isHere: boolean
  move: () => Promise<void>
}

const optionId = (index: number) => `move-place-${index}`

/** Either chats or one folder. */
function MoveTo({ chatIds, folderId }: { chatIds: readonly string[]; folderId: string | null }) {
  const { t } = useTranslation()
  const folders = useFolders((state) => state.folders) ?? []
  const chats = useChats((state) => state.chats)
  const [filter, setFilter] = useState('')
  const [activeIndex, setActiveIndex] = useState(0)

  const moved = folders.find(({ id }) => id === folderId)
  const parents = new Set(moved ? [moved.parentId] : chatIds.map((id) => chats?.get(id)?.folderId ?? null))
  const [here] = parents.size === 1 ? parents : [undefined]
  const [onlyId] = chatIds
  const onlyChat = chatIds.length === 1 && onlyId !== undefined ? chats?.get(onlyId) : undefined
  const onlyName = moved?.name ?? (onlyChat && chatTitle(onlyChat))

  const moveInto = (target: string | null) => (moved ? moveFolder(moved.id, target) : moveChats(chatIds, target))
  async function createAndMove() {
    const folder = await createFolder(null, filter.trim())
    if (folder) await moveInto(folder.id)
  }

  const places = movePlaces(folders, filter, folderId)
  const options: Option[] = places.map(({ folder, depth, above }) => ({
    key: folder.id,
    icon: FolderIcon,
    name: folder.name,
    depth: filter.trim() ? 0 : depth,
    above: filter.trim() ? above : [],
    isHere: folder.id === here,
    move: () => moveInto(folder.id),
  }))
  const plain = { depth: 0, above: [], isHere: false }
  const name = filter.trim()
  if (!name) {
    const label = t(moved ? 'folders.top' : 'folders.noFolder')
    const isHere = here === null
    options.unshift({ ...plain, key: 'none', icon: CornerLeftUp, name: label, isHere, move: () => moveInto(null) })
  } else if (!places.some(({ folder }) => folder.name === name)) {
    const label = t('folders.createAndMove', { name })
    options.push({ ...plain, key: 'new', icon: FolderPlus, name: label, move: createAndMove })
  }

  function choose(option: Option | undefined) {
    if (!option) return
    closeDialog()
    endSelection()
    void option.move()
  }
  const keys = useTextInputKeys({ onSubmit: () => choose(options[activeIndex]) })
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || event.nativeEvent.isComposing) return keys.onKeyDown(event)
    event.preventDefault()
    const next = Math.max(0, Math.min(options.length - 1, activeIndex + step))
    setActiveIndex(next)
    document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <Dialog
      open
      onClose={closeDialog}
      title={
        onlyName === undefined
          ? t('folders.moveChats', { count: chatIds.length })
          : t('folders.moveOne', { name: onlyName })
      }
    >
      <input
        autoFocus
        role="combobox"
        aria-label={t('folders.filter')}
        placeholder={t('folders.filter')}
        aria-expanded
        aria-controls="move-places"
        aria-activedescendant={options[activeIndex] && optionId(activeIndex)}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={filter}
        onChange={(event) => {
          setFilter(event.target.value)
          setActiveIndex(0)
        }}
        {...keys}
        onKeyDown={onKeyDown}
        className="sticky top-0 z-10 h-8 w-full rounded-control border border-line bg-page px-2.5 outline-none
          focus:border-accent"
      />
      <div role="listbox" id="move-places" aria-label={t('folders.places')} className="pt-2">
        {options.map((option, index) => (
          <Place
            key={option.key}
            id={optionId(index)}
            option={option}
            isActive={index === activeIndex}
            onChoose={() => choose(option)}
          />
        ))}
      </div>
    </Dialog>
  )
}

interface PlaceProps {
  id: string
  option: Option
  isActive: boolean
  onChoose: () => void
}

function Place({ id, option, isActive, onChoose }: PlaceProps): ReactNode {
  const { t } = useTranslation()
  const { icon: Icon, name, depth, above, isHere } = option
  return (
    <div
      role="option"
      id={id}
      aria-selected={isActive}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      style={{ paddingInlineStart: `${0.5 + Math.min(depth, 8)}rem` }}
      className="flex min-h-8 items-center gap-2 rounded-control pe-2 hover:bg-hover aria-selected:bg-chosen"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-secondary" strokeWidth={1.75} />
      <span className="min-w-0 truncate">
        {above.length > 0 && <span className="text-secondary">{above.join(' / ')} / </span>}
        {name}
      </span>
      {isHere && (
        <span className="ms-auto flex shrink-0 items-center gap-1 text-small text-secondary">
          <Check aria-hidden className="size-3.5" strokeWidth={1.75} />
          {t('folders.here')}
        </span>
      )}
    </div>
  )
}
