import { Copy, Ellipsis, Power, X } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '../../../shared/contract/models.ts'
import { Menu } from '../../components/menu.tsx'
import { formatDay, formatFigure, formatNumber } from '../../lib/i18n/format.ts'
import { cancelLoad, loadModel, unloaded, unloadModel, useModels } from '../../lib/models-store.ts'
import { openModel, useLibrary } from './library-store.ts'
import { ModelActions } from './model-actions.tsx'
import { actionsClassName, columnClassName } from './model-columns.tsx'
import { GradeSign, StateSign } from './model-signs.tsx'

export const rowId = (modelId: string) => `library-row-${modelId}`

interface ModelTableRowProps {
  model: Model
  /** Of all rows, from 1; the head is the first. */
  rowIndex: number
  /** Other models with the same file, by name. */
  sameAs: string | null
  isActive: boolean
  menuOpen: boolean
  onMenuOpenChange: (modelId: string, open: boolean) => void
}

/** A file is never nothing. */
function gigabytes(sizeBytes: number): string {
  return sizeBytes < 0.005e9 ? `< ${formatFigure(0.01, 2)}` : formatFigure(sizeBytes / 1e9, 2)
}

/**
 * One model. Its buttons are for the pointer; the keyboard reaches the same by the menu of the row. A
 * menu is mounted only while it is open, so that a row is cheap enough to scroll thousands of them.
 */
export const ModelTableRow = memo(function ModelTableRow(props: ModelTableRowProps) {
  const { model, isActive, menuOpen, onMenuOpenChange } = props
  const { t } = useTranslation()
  const load = useModels(({ loads }) => loads[model.id] ?? unloaded)
  const button = `inline-flex size-7 items-center justify-center rounded-small text-secondary opacity-0
    group-hover:opacity-100 hover:bg-hover hover:text-text focus-visible:opacity-100 data-[state=open]:opacity-100
    ${isActive ? 'group-focus/grid:opacity-100' : ''}`
  // An open menu closes itself by its trigger.
  const menuButton = (
    <button
      type="button"
      tabIndex={-1}
      title={t('models.actionsOf', { name: model.name })}
      className={button}
      onClick={menuOpen ? undefined : () => onMenuOpenChange(model.id, true)}
    >
      <Ellipsis aria-hidden className="size-4" strokeWidth={1.75} />
    </button>
  )
  const [label, act] =
    load.state === 'ready'
      ? [t('models.unload'), unloadModel]
      : load.state === 'loading'
        ? [t('models.cancelLoad'), cancelLoad]
        : [t('models.load'), (modelId: string) => loadModel(modelId)]
  return (
    <tr
      id={rowId(model.id)}
      aria-rowindex={props.rowIndex}
      aria-selected={isActive}
      onClick={() => useLibrary.setState({ activeModelId: model.id })}
      onDoubleClick={() => openModel(model.id)}
      onContextMenu={(event) => {
        event.preventDefault()
        onMenuOpenChange(model.id, true)
      }}
      className={`group h-9 hover:bg-hover [&>td]:border-b [&>td]:border-line
        ${isActive ? 'group-focus/grid:bg-chosen group-focus-visible/grid:outline-2' : ''}
        -outline-offset-2 outline-accent`}
    >
      <td className={columnClassName('name')} title={model.path}>
        <span className="flex items-center gap-2">
          <button
            type="button"
            tabIndex={-1}
            onClick={() => openModel(model.id)}
            className={`truncate underline-offset-2 hover:underline ${model.isPresent ? '' : 'text-secondary'}`}
          >
            {model.name}
          </button>
          {props.sameAs && (
            <span
              title={t('library.sameFileAs', { names: props.sameAs })}
              className="flex shrink-0 items-center gap-1 text-small text-secondary"
            >
              <Copy aria-hidden className="size-3" strokeWidth={1.75} />
              <span className="@max-[40rem]:sr-only">{t('library.duplicate')}</span>
            </span>
          )}
        </span>
      </td>
      <td className={columnClassName('size')}>{gigabytes(model.sizeBytes)}</td>
      <td className={columnClassName('quantization')}>{model.quantization}</td>
      <td className={columnClassName('architecture')}>{model.architecture}</td>
      <td className={columnClassName('context')}>
        {model.trainContextSize > 0 && formatNumber(model.trainContextSize)}
      </td>
      <td className={columnClassName('kind')}>
        {t(`library.kind.${model.type === 'adapter' ? 'adapter' : model.kind}`)}
        {model.type === 'model' && model.kind === 'chat' && !model.hasChatTemplate && (
          <span className="text-secondary"> · {t('library.noTemplate')}</span>
        )}
      </td>
      <td className={columnClassName('source')}>{t(`library.sources.${model.source}`)}</td>
      <td className={columnClassName('lastUsed')}>
        {model.lastUsedAt === null ? (
          <span className="text-secondary">{t('library.never')}</span>
        ) : (
          formatDay(model.lastUsedAt)
        )}
      </td>
      <td className={columnClassName('doctor')}>{model.type === 'model' && <GradeSign grade={model.doctor} />}</td>
      <td className={columnClassName('state')}>
        <StateSign model={model} load={load} />
      </td>
      <td
        className={`${actionsClassName} text-end whitespace-nowrap`}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        {model.type === 'model' && (
          <button type="button" tabIndex={-1} title={label} className={button} onClick={() => void act(model.id)}>
            {load.state === 'loading' ? (
              <X aria-hidden className="size-4" strokeWidth={1.75} />
            ) : (
              <Power aria-hidden className="size-4" strokeWidth={1.75} />
            )}
          </button>
        )}
        {menuOpen ? (
          <Menu
            trigger={menuButton}
            open
            onOpenChange={(open) => onMenuOpenChange(model.id, open)}
            onCloseAutoFocus={(event) => event.preventDefault()}
          >
            <ModelActions model={model} load={load} />
          </Menu>
        ) : (
          menuButton
        )}
      </td>
    </tr>
  )
})
