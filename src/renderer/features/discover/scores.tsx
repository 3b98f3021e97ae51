import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../../shared/contract/catalog.ts'
import { OutsideLink } from '../../components/outside-link.tsx'
import { formatNumber } from '../../lib/i18n/format.ts'

/** What its makers and others measured, and where they published it. */
export function Scores({ scores }: Pick<CatalogEntry, 'scores'>) {
  const { t } = useTranslation()
  return (
    <table className="w-full max-w-190">
      <thead className="text-small text-secondary">
        <tr className="h-9 border-b border-line">
          <th scope="col" className="px-2 text-start font-normal">
            {t('discover.scoreName')}
          </th>
          <th scope="col" className="px-2 text-end font-normal">
            {t('discover.scoreValue')}
          </th>
          <th scope="col" className="px-2 ps-6 text-start font-normal">
            {t('discover.scoreSource')}
          </th>
        </tr>
      </thead>
      <tbody data-selectable>
        {scores.map(({ name, value, unit, source }) => (
          <tr key={`${name} ${source}`} className="h-9 border-b border-line">
            <td className="px-2">{name}</td>
            <td className="px-2 text-end whitespace-nowrap">{`${formatNumber(value, 2)} ${unit}`.trim()}</td>
            <td className="px-2 ps-6 text-secondary wrap-anywhere">
              {source.startsWith('https://') ? <OutsideLink href={source}>{source}</OutsideLink> : source}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
