import i18next from 'i18next'
import { Check, Ellipsis } from 'lucide-react'
import { useId } from 'react'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu } from '../../components/menu.tsx'
import { useDrag } from './drag-store.ts'
import type { Dragged } from './drag-store.ts'
import type { TreeRow } from './list-rows.ts'
import { focusTree, rowId, useList } from './list-store.ts'

interface ListRowProps {
  row: TreeRow
  isActive: boolean
  isSelected?: boolean
  isCurrent?: boolean
  /** Told to screen readers behind the name. */
  description?: string
  menu: ReactNode
  /** In place of everything else while the row is renamed. */
  nameField: ReactNode
  dragged: () => Dragged
  onClick: (event: MouseEvent) => void
  children: ReactNode
}

const maxIndentRem = 6

/** One item of the tree, whatever it stands for: its place, its marks of focus, selection and drop, its menu. */
export function ListRow({ row, isActive, isSelected, isCurrent, description, ...props }: ListRowProps) {
  const { t } = useTranslation()
  const contentId = useId()
  const { key } = row
  const isMenuOpen = useList(({ menuKey }) => menuKey === key)
  const isRenaming = useList(({ renamingKey }) => renamingKey === key)
  const dropMark = useDrag(({ place }) => {
    if (!place) return undefined
    if ('into' in place) return place.into === key ? 'into' : undefined
    return place.beside === key ? place.side : undefined
  })
  const indentRem = Math.min(row.level - 1, maxIndentRem)
  return (
    <div
      role="treeitem"
      id={rowId(key)}
      aria-labelledby={contentId}
      aria-description={description}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-expanded={row.kind === 'folder' ? row.isOpen : undefined}
      aria-selected={isSelected ?? undefined}
      aria-current={isCurrent ? 'page' : undefined}
      data-active={isActive || undefined}
      data-drop={dropMark}
      draggable={!isRenaming}
      onDragStart={(event) => {
        useList.setState({ activeKey: key })
        startDrag(event.dataTransfer, props.dragged())
      }}
      onClick={(event) => {
        if (isRenaming) return
        useList.setState({ activeKey: key })
        props.onClick(event)
      }}
      onDoubleClick={(event) => {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) useList.setState({ renamingKey: key })
      }}
      onContextMenu={(event) => {
        if (isRenaming) return
        event.preventDefault()
        useList.setState({ activeKey: key, menuKey: key })
      }}
      style={{ paddingInlineStart: `${indentRem}rem` }}
      className="group relative flex min-h-8 items-center rounded-control outline-accent hover:bg-hover
        group-focus-visible/tree:data-active:outline-2 group-focus-visible/tree:data-active:-outline-offset-2
        aria-[current]:bg-chosen aria-selected:bg-accent/15 data-[drop=into]:bg-accent/15
        data-[drop=into]:outline-2 data-[drop=into]:-outline-offset-2
        data-[drop=after]:shadow-[0_2px_0_var(--color-accent)]
        data-[drop=before]:shadow-[0_-2px_0_var(--color-accent)]"
    >
      {isRenaming ? (
        props.nameField
      ) : (
        <>
          <span id={contentId} className="flex min-w-0 flex-1 items-center gap-1.5 pe-2 group-hover:pe-8">
            {props.children}
            {isSelected && <Check aria-hidden className="size-3.5 shrink-0 text-accent" strokeWidth={2.25} />}
          </span>
          <span
            className="absolute end-0.5 top-0.5 opacity-0 group-hover:opacity-100
              group-data-active:group-focus-visible/tree:opacity-100 has-data-[state=open]:opacity-100"
            onClick={(event) => event.stopPropagation()}
            onDoubleClick={(event) => event.stopPropagation()}
          >
            <Menu
              open={isMenuOpen}
              onOpenChange={(open) => useList.setState(open ? { activeKey: key, menuKey: key } : { menuKey: null })}
              onCloseAutoFocus={(event) => {
                event.preventDefault()
                const { renamingKey, dialog } = useList.getState()
                if (renamingKey === null && dialog === null) focusTree()
              }}
              trigger={<IconButton label={t('common.more')} icon={Ellipsis} tabIndex={-1} />}
            >
              {props.menu}
            </Menu>
          </span>
        </>
      )}
    </div>
  )
}

function startDrag(transfer: DataTransfer, dragged: Dragged): void {
  // Firefox drags nothing without data.
  transfer.setData('text/plain', '')
  transfer.effectAllowed = 'move'
  if ('chatIds' in dragged && dragged.chatIds.length > 1) {
    const image = document.createElement('div')
    image.textContent = i18next.t('chats.selected', { count: dragged.chatIds.length })
    image.className = 'fixed -top-20 start-0 rounded-control border border-line bg-float px-3 py-1'
    document.body.append(image)
    transfer.setDragImage(image, 0, 0)
    setTimeout(() => image.remove())
  }
  // Changing the page while the drag begins would end it in Chromium.
  setTimeout(() => useDrag.setState({ dragged }))
}

/** A dot or such behind the name, with a name of its own for screen readers. */
export function RowMark({ label, className }: { label: string; className: string }) {
  return (
    <>
      {/* Parts the two names where they are read as one. */}{' '}
      <span role="img" aria-label={label} title={label} className={`size-1.5 shrink-0 rounded-full ${className}`} />
    </>
  )
}
