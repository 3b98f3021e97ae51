import { Download } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'

/** Chosen, or dropped anywhere on the window while this is there. */
export function FileChoice({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation()
  const chooser = useRef<HTMLInputElement>(null)
  useDroppedFiles(onFiles)
  return (
    <div className="flex flex-col items-center gap-3 rounded-surface border border-dashed border-line px-4 py-8 text-center">
      <Download aria-hidden className="size-6 text-secondary" strokeWidth={1.5} />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        data-import-files
        onChange={(event) => onFiles([...(event.target.files ?? [])])}
      />
      <Button look="primary" onClick={() => chooser.current?.click()}>
        {t('interchange.chooseFiles')}
      </Button>
      <p className="text-small text-secondary">{t('interchange.orDrop')}</p>
    </div>
  )
}

/** Before anyone else hears of them: elsewhere, dropped files are models or go into the message. */
function useDroppedFiles(onFiles: (files: File[]) => void) {
  const latest = useRef(onFiles)
  useEffect(() => {
    latest.current = onFiles
  })
  useEffect(() => {
    const types = ['dragenter', 'dragover', 'dragleave', 'drop'] as const
    function handle(event: DragEvent) {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      event.stopImmediatePropagation()
      if (event.type === 'drop' && event.dataTransfer.files.length > 0) latest.current([...event.dataTransfer.files])
    }
    for (const type of types) window.addEventListener(type, handle, true)
    return () => {
      for (const type of types) window.removeEventListener(type, handle, true)
    }
  }, [])
}
