import type { ComponentProps } from 'react'

const looks = {
  /** The one thing to do here. */
  primary: 'bg-accent text-on-accent font-semibold hover:opacity-90',
  plain: 'border border-line hover:bg-hover',
  quiet: 'hover:bg-hover',
}

interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof looks
}

/** A verb that can be pressed. */
export function Button({ look = 'plain', className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-control px-3 whitespace-nowrap
        transition-[background-color,opacity] disabled:opacity-45 disabled:pointer-events-none ${looks[look]}
        ${className}`}
      {...rest}
    />
  )
}
