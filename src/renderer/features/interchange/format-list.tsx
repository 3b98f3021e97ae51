import { RadioGroup } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { ExportFormat } from '../../../shared/contract/interchange.ts'

const formats: ExportFormat[] = ['markdown', 'html', 'json', 'text', 'sharegpt', 'alpaca']

interface FormatListProps {
  value: ExportFormat
  onValueChange: (format: ExportFormat) => void
}

export function FormatList({ value, onValueChange }: FormatListProps) {
  const { t } = useTranslation()
  return (
    <RadioGroup.Root
      aria-label={t('interchange.format')}
      value={value}
      onValueChange={(format) => onValueChange(format as ExportFormat)}
      className="flex flex-col gap-1"
    >
      {formats.map((format) => (
        <label
          key={format}
          className="group flex cursor-pointer items-start gap-3 rounded-control border border-transparent px-2.5 py-2
            hover:bg-hover has-data-[state=checked]:border-line has-data-[state=checked]:bg-chosen"
        >
          <RadioGroup.Item
            value={format}
            aria-label={t(`interchange.formats.${format}`)}
            aria-describedby={`export-format-${format}`}
            className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-secondary
              data-[state=checked]:border-accent"
          >
            <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
          </RadioGroup.Item>
          <span className="min-w-0 flex-1">
            <span className="block">{t(`interchange.formats.${format}`)}</span>
            <span
              id={`export-format-${format}`}
              className="block text-small text-secondary group-has-data-[state=checked]:text-text"
            >
              {t(`interchange.formatHints.${format}`)}
            </span>
          </span>
        </label>
      ))}
    </RadioGroup.Root>
  )
}
