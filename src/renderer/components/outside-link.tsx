import type { ReactNode } from 'react'
import { safeUrl } from '../lib/safe-url.ts'

interface OutsideLinkProps {
  href: string
  className?: string
  children: ReactNode
}

/** Opens in the system's browser. An address of another kind than http, https or mail stays text. */
export function OutsideLink({ href, className, children }: OutsideLinkProps) {
  const address = safeUrl(href)
  if (address === null) return <span>{children}</span>
  return (
    <a href={address} target="_blank" rel="noopener noreferrer" className={className}>
      {children}
    </a>
  )
}
