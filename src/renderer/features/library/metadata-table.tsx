import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelDetails } from '../../../shared/contract/models.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { TextField } from '../../components/text-field.tsx'
import { formatFigure, formatNumber, formatPercent } from '../../lib/i18n/format.ts'
import { PageSection } from './page-section.tsx'

/** Where a value is cut by the contract. */
const cutCharacters = 2000
/** What fits a line; more is opened by a press. */
const shortCharacters = 80

/** Every key that the file has, and its tensors by type. */
export function MetadataTable({ details }: { details: ModelDetails }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const entries = details.metadata.filter(
    ({ key, value }) => key.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
  )
  return (
    <div className="flex max-w-280 flex-col gap-6">
      <div className="flex flex-col gap-3">
        <div className="max-w-80">
          <TextField
            type="search"
            label={t('library.metadataFilter')}
            value={text}
            onValueChange={setText}
          />
        </div>
        {entries.length === 0 ? (
          <p className="text-secondary">{t('library.noKeys')}</p>
        ) : (
          <table className="w-full table-fixed">
            <thead className="text-small text-secondary">
              <tr className="h-9 border-b border-line text-start">
                <th scope="col" className="w-2/5 text-start font-normal">
                  {t('library.key')}
                </th>
                <th scope="col" className="w-28 text-start font-normal @max-[40rem]:hidden">
                  {t('library.valueType')}
                </th>
                <th scope="col" className="text-start font-normal">
                  {t('library.value')}
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <MetadataRow key={entry.key} entry={entry} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {wanted === '' && <Tensors tensorTypes={details.tensorTypes} />}
    </div>
  )
}

function MetadataRow({ entry }: { entry: ModelDetails['metadata'][number] }) {
  const { t } = useTranslation()
  const { key, type, value, length } = entry
  const [open, setOpen] = useState(false)
  const isLong = value.length > shortCharacters || value.includes('\n')
  return (
    <tr className="group border-b border-line align-top">
      <td className="py-2 pe-4 font-mono text-small wrap-anywhere" data-selectable>
        {key}
      </td>
      <td className="py-2 pe-4 text-small text-secondary @max-[40rem]:hidden">
        {type}
        {length !== null && <div>{t('library.elements', { count: length })}</div>}
      </td>
      <td className="py-1">
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1 py-1">
            <div
              data-selectable
              className={`font-mono text-small ${open ? 'whitespace-pre-wrap wrap-anywhere' : 'truncate'}`}
            >
              {value}
            </div>
            {open && value.length >= cutCharacters && (
              <p className="pt-1 text-small text-secondary">{t('library.cut')}</p>
            )}
            {isLong && (
              <button
                type="button"
                aria-expanded={open}
                onClick={() => setOpen(!open)}
                className="rounded-small text-small text-secondary underline-offset-2 hover:text-text hover:underline"
              >
                {t(open ? 'library.showLess' : 'library.showAll')}
              </button>
            )}
          </div>
          <CopyButton
            text={value}
            label={t('library.copyValue', { key })}
            className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
          />
        </div>
      </td>
    </tr>
  )
}

function Tensors({ tensorTypes }: Pick<ModelDetails, 'tensorTypes'>) {
  const { t } = useTranslation()
  const totalBytes = tensorTypes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const heads = ['tensorCount', 'sizeMb', 'share'] as const
  return (
    <PageSection title={t('library.tensors')}>
      <table className="w-full max-w-120">
        <thead className="text-small text-secondary">
          <tr className="h-9 border-b border-line">
            <th scope="col" className="text-start font-normal">
              {t('library.valueType')}
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="text-end font-normal">
                {t(`library.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody data-selectable>
          {tensorTypes.map(({ type, count, sizeBytes }) => (
            <tr key={type} className="h-9 border-b border-line">
              <td>{type}</td>
              <td className="text-end">{formatNumber(count)}</td>
              <td className="text-end">{formatFigure(sizeBytes / 1e6, 1)}</td>
              <td className="text-end">{formatPercent(totalBytes > 0 ? sizeBytes / totalBytes : 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </PageSection>
  )
}
