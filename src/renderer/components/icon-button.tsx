import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Tooltip } from './tooltip.tsx'

interface IconButtonProps extends ComponentProps<'button'> {
  /** The accessible name, shown as the tooltip too. */
  label: string
  icon: LucideIcon
  shortcut?: string
  side?: 'top' | 'right' | 'bottom' | 'left'
}

/** A button that is only a picture: 28 px, named by its label. */
export function IconButton({ label, icon: Icon, shortcut, side, className = '', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut} side={side}>
      <button
        type="button"
        aria-label={label}
        className={`inline-flex size-7 shrink-0 items-center justify-center rounded-small text-secondary transition-colors
          hover:bg-hover hover:text-text disabled:pointer-events-none disabled:opacity-45 aria-pressed:bg-chosen
          aria-pressed:text-text ${className}`}
        {...rest}
      >
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      </button>
    </Tooltip>
  )
}
