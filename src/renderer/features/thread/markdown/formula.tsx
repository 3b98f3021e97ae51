import { memo, useLayoutEffect, useRef } from 'react'
import { unfinishedMark } from '../../../../shared/lib/normalise-formulas.ts'
import { lazyModule } from './use-lazy-module.ts'

const useKatex = lazyModule(async () => {
  const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')])
  return katex
})

interface FormulaProps {
  /** TeX; while it is still being written it begins with `unfinishedMark`. */
  tex: string
  display: boolean
}

/**
 * A formula, or its source: until KaTeX has arrived, and until the formula is complete. KaTeX builds
 * DOM nodes here, no HTML text, and by default trusts nothing that could load or link.
 */
export const Formula = memo(function Formula({ tex, display }: FormulaProps) {
  const host = useRef<HTMLSpanElement>(null)
  const katex = useKatex()
  const source = tex.replace(unfinishedMark, '')
  const typeset = katex !== null && source === tex

  useLayoutEffect(() => {
    if (typeset && host.current) {
      katex.render(tex, host.current, {
        displayMode: display,
        throwOnError: false,
        errorColor: 'inherit',
        strict: false,
        // In em: a rule as wide as the window would hide what stands beside it.
        maxSize: 50,
      })
    }
  }, [typeset, katex, tex, display])

  return (
    <span ref={host} className={`formula ${display ? 'formula-display' : ''}`} key={typeset ? 'typeset' : 'source'}>
      {typeset ? null : source}
    </span>
  )
})
