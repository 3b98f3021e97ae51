/**
 * The attachments of what stands unsent in the composer. Texts and files are added one after the other;
 * what is still being read is told by name, so that nothing seems lost.
 */
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import { mostAttachmentBytes } from '../../../shared/lib/attachment-limits.ts'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'
import { formatSize } from '../../lib/i18n/format.ts'
import { showToast } from '../../lib/toast-store.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { decodeText } from './decode-text.ts'

/** The most that the contract takes. */
export const mostAttachments = 50

export interface DraftAttachments {
  attachments: Attachment[]
  /** Names of files that are being read. */
  reading: string[]
  addFiles: (files: File[]) => Promise<void>
  /** Resolves with whether it was kept; if not, the person has been told why. */
  addText: (name: string, text: string) => Promise<boolean>
  /** What is not in the list is forgotten. */
  keep: (isKept: (attachment: Attachment) => boolean) => void
  put: (attachments: Attachment[]) => void
  flush: () => void
}

export function useDraftAttachments(
  saved: Attachment[],
  save: (attachments: Attachment[]) => Promise<void>,
): DraftAttachments {
  const { t } = useTranslation()
  const edit = useSavedEdit(saved, save)
  /** Newer than what is rendered while several files come. */
  const latest = useRef(saved)
  useLayoutEffect(() => {
    latest.current = edit.value
  }, [edit.value])
  const [reading, setReading] = useState<string[]>([])

  function change(next: Attachment[]) {
    latest.current = next
    edit.change(next)
  }

  function put(added: Attachment[]) {
    const others = latest.current.filter(({ id }) => !added.some((attachment) => attachment.id === id))
    change([...others, ...added].slice(0, mostAttachments))
  }

  const refuse = (text: string) => showToast({ failure: true, text })

  async function addText(name: string, text: string): Promise<boolean> {
    if (latest.current.length >= mostAttachments) {
      refuse(t('composer.tooMany', { count: mostAttachments }))
      return false
    }
    try {
      put([await client.attachments.add({ name: name.slice(-300), text })])
      return true
    } catch (error) {
      refuse(t('composer.notAttached', { name, why: failureSentence(t, failureOf(error)) }))
      return false
    }
  }

  async function addFile(file: File): Promise<void> {
    const { name, size } = file
    const limit = formatSize(mostAttachmentBytes)
    if (size > mostAttachmentBytes) return refuse(t('composer.tooLarge', { name, size: formatSize(size), limit }))
    const bytes = await file.arrayBuffer().catch(() => null)
    if (!bytes) return refuse(t('composer.unreadable', { name }))
    const text = decodeText(new Uint8Array(bytes))
    if (text === null) return refuse(t('composer.notText', { name }))
    if (text.trim() === '') return refuse(t('composer.emptyFile', { name }))
    await addText(name, text)
  }

  return {
    attachments: edit.value,
    reading,
    addText,
    put,
    keep: (isKept) => change(latest.current.filter(isKept)),
    flush: edit.flush,
    async addFiles(files) {
      const room = mostAttachments - latest.current.length
      if (files.length > room) refuse(t('composer.tooMany', { count: mostAttachments }))
      const taken = files.slice(0, Math.max(0, room))
      setReading((names) => [...names, ...taken.map(({ name }) => name)])
      for (const file of taken) {
        await addFile(file)
        setReading((names) => names.filter((_, index) => index !== names.indexOf(file.name)))
      }
    },
  }
}
