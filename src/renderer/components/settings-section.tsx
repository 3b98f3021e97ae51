import type { ReactNode } from 'react'

export function SettingsSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section data-setting={title}>
      <h2 className="pb-1 font-semibold">{title}</h2>
      <div className="divide-y divide-line border-y border-line">{children}</div>
    </section>
  )
}

interface SettingsRowProps {
  label: string
  hint?: string
  children: ReactNode
}

export function SettingsRow({ label, hint, children }: SettingsRowProps) {
  return (
    <div data-setting={label} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2.5">
      <div className="min-w-40 flex-1">
        <div>{label}</div>
        {hint && <p className="text-small text-secondary">{hint}</p>}
      </div>
      {children}
    </div>
  )
}
