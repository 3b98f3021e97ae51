import type { LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

interface MenuProps {
  /** The button that opens it; one element that takes a ref. */
  trigger: ReactNode
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** Where the focus goes after closing; by default back to the trigger. */
  onCloseAutoFocus?: (event: Event) => void
  children: ReactNode
}

/** Actions on one thing, opened by a button. */
export function Menu({ trigger, open, onOpenChange, onCloseAutoFocus, children }: MenuProps) {
  return (
    <DropdownMenu.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={onCloseAutoFocus}
          className="z-50 min-w-40 animate-appear rounded-control border border-line bg-float p-1 shadow-float
            outline-none"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

interface MenuItemProps {
  icon: LucideIcon
  /** Such as `F2`. */
  shortcut?: string
  /** Takes something away: its icon is red. */
  danger?: boolean
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon: Icon, shortcut, danger, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      className="flex h-7 items-center gap-2 rounded-small px-2 outline-none data-highlighted:bg-hover"
    >
      <Icon aria-hidden className={`size-4 ${danger ? 'text-danger' : 'text-secondary'}`} strokeWidth={1.75} />
      {children}
      {shortcut && <kbd className="ms-auto ps-4 font-sans text-small text-secondary">{shortcut}</kbd>}
    </DropdownMenu.Item>
  )
}
