import { Columns2, ListPlus, Paperclip } from 'lucide-react'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import type { Variant } from '../../../shared/contract/generation.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { client } from '../../lib/client.ts'
import { failureOf } from '../../lib/failure.ts'
import type { ShownFailure } from '../../lib/failure.ts'
import { showFailure } from '../../lib/show-failure.ts'
import { takeTextFiles } from '../../lib/text-file-taker.ts'
import { showToast } from '../../lib/toast-store.ts'
import { useSavedEdit } from '../../lib/use-saved-edit.ts'
import { useTextInputKeys } from '../../lib/use-text-input-keys.ts'
import { AttachmentList } from './attachment-list.tsx'
import { ComposerNotice } from './composer-notice.tsx'
import { ContextGauge } from './context-gauge.tsx'
import { MessageQueue } from './message-queue.tsx'
import { stopAnswers, useIsRunning } from './running-answers.ts'
import { SendButton } from './send-button.tsx'
import type { SlashAction } from './slash-commands.ts'
import { SlashMenu } from './slash-menu.tsx'
import type { NewMessage } from './thread-actions.ts'
import { showThreadDialog } from './thread-dialogs-store.ts'
import { ThreadDialogs } from './thread-dialogs.tsx'
import { useThreadHost } from './thread-host.ts'
import type { ThreadViewProps } from './thread-props.ts'
import { useAttachmentTokens } from './use-attachment-tokens.ts'
import { useDraftAttachments } from './use-draft-attachments.ts'
import { useMessageHistory } from './use-message-history.ts'
import { useMessageQueue } from './use-message-queue.ts'
import { useCountBasis, usePromptCount } from './use-prompt-count.ts'
import { useSlashCommands } from './use-slash-commands.ts'

/** The most that the contract takes. */
export const mostCharacters = 2_000_000
/** A pasted text as long as this is attached: it would hide what is said about it. */
const longPaste = 4000

interface ComposerProps extends ThreadViewProps {
  /** Rejects when the message was not taken; the text then stays here. */
  onSend(message: NewMessage): Promise<void>
}

/** Where the person writes. What stands here is saved with the chat until it is sent. */
export function Composer(props: ComposerProps) {
  const { chat, ensureChat, onSave, model, load, onSend } = props
  const { t } = useTranslation()
  const input = useRef<HTMLTextAreaElement>(null)
  const fileInput = useRef<HTMLInputElement>(null)
  const menuId = useId()
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const running = useIsRunning()
  useLayoutEffect(() => useThreadHost.setState({ host: props }))

  const draft = useSavedEdit(chat?.draft ?? '', async (text) => {
    const { id } = chat ?? (await ensureChat())
    await onSave(id, { draft: text })
  })
  const { attachments, ...attaching } = useDraftAttachments(chat?.draftAttachments ?? [], async (draftAttachments) => {
    const { id } = chat ?? (await ensureChat())
    await onSave(id, { draftAttachments })
  })
  const history = useMessageHistory(draft.value, draft.change)
  const queue = useMessageQueue(chat, onSave, onSend)
  const slash = useSlashCommands(draft.value, props, onPicked)
  const text = draft.value.trimEnd()
  const isEmpty = text.trim() === '' && attachments.length === 0

  const parentId = chat?.activeLeafId ?? null
  const count = usePromptCount({
    chatId: chat?.id ?? null,
    parentId,
    text: draft.value,
    attachments,
    basis: useCountBasis(chat, model, load, running),
  })
  const tokens = useAttachmentTokens(chat?.id ?? null, attachments, load.state === 'ready' ? (model?.id ?? null) : null)

  // A chat that was just opened is there to be written in.
  useEffect(() => {
    if (!document.activeElement?.matches('input, textarea, [role=dialog] *')) input.current?.focus()
  }, [])
  const takeFiles = useRef(attaching.addFiles)
  useEffect(() => {
    takeFiles.current = attaching.addFiles
  })
  useEffect(() => takeTextFiles((files) => void takeFiles.current(files)), [])

  function write(next: string) {
    setFailure(null)
    draft.change(next)
  }

  /** What was written meanwhile stays. */
  function clear(sent: string) {
    const now = input.current?.value ?? ''
    draft.change(now.startsWith(sent) ? now.slice(sent.length).trimStart() : now)
    draft.flush()
    attaching.keep(({ id }) => !attachments.some((sent) => sent.id === id))
    attaching.flush()
    history.stay()
  }

  async function send() {
    if (isEmpty || sending) return
    setSending(true)
    setFailure(null)
    try {
      if (!running) await onSend({ text, attachments })
      else if (!(await queue.add({ text, attachments }))) return
      clear(text)
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setSending(false)
    }
  }

  function onPicked(action: SlashAction | null) {
    draft.change('')
    if (action === 'attach') fileInput.current?.click()
    else if (action === 'compare') compare('')
    else if (action === 'prompt') void showPrompt('')
    else if (action) props.onCommand?.(action)
  }

  function compare(text: string) {
    const send = async (text: string, variants: Variant[]) => {
      await onSend({ text, attachments, variants })
      clear(text)
    }
    showThreadDialog({ type: 'variants', of: { text, onTextChange: write, send } })
  }

  async function showPrompt(text: string) {
    const chatId = await (chat ? Promise.resolve(chat) : ensureChat()).then(({ id }) => id, showFailure)
    if (chatId) showThreadDialog({ type: 'prompt', of: { unsent: { chatId, parentId, text, attachments } } })
  }

  async function insert(attachment: Attachment) {
    try {
      const inserted = await client.attachments.read({ attachmentId: attachment.id })
      const now = input.current?.value ?? ''
      const at = input.current?.selectionEnd ?? now.length
      const next = now.slice(0, at) + inserted + now.slice(at)
      if (next.length > mostCharacters) return showToast({ failure: true, text: t('composer.tooLongToInsert') })
      write(next)
      attaching.keep(({ id }) => id !== attachment.id)
      input.current?.focus()
    } catch (error) {
      showFailure(error)
    }
  }

  function remove(attachment: Attachment) {
    attaching.keep(({ id }) => id !== attachment.id)
    const action = { label: t('common.undo'), run: () => attaching.put([attachment]) }
    showToast({ text: t('composer.attachmentRemoved', { name: attachment.name }), action })
  }

  async function pasteLong(pasted: string) {
    const isAttached = await attaching.addText(t('composer.pastedName'), pasted)
    if (!isAttached) write((input.current?.value ?? '') + pasted)
  }

  const keys = useTextInputKeys({
    onSubmit: () => (slash.isOpen ? slash.pick() : void send()),
    onCancel: slash.isOpen ? slash.close : history.isActive ? history.leave : running ? () => void stopAnswers() : undefined,
  })

  return (
    <div className="mx-auto w-full max-w-[50.5rem] px-6 pb-4">
      <ComposerNotice failure={failure} count={isEmpty ? null : count} />
      <MessageQueue
        queue={queue.messages}
        running={running}
        onChange={queue.change}
        onSendNow={(message) => void queue.sendNow(message)}
        onRemove={queue.remove}
        onEdit={(message) => {
          queue.change(queue.messages.filter(({ id }) => id !== message.id))
          write(text.trim() === '' ? message.text : `${message.text}\n\n${draft.value}`)
          attaching.put(message.attachments)
          input.current?.focus()
        }}
      />
      <div
        className="relative flex flex-col rounded-surface border border-line bg-page p-1.5 transition-colors
          focus-within:border-accent"
      >
        {slash.isOpen && (
          <SlashMenu
            id={menuId}
            commands={slash.commands}
            chosen={slash.chosen}
            onChoose={slash.choose}
            onPick={slash.pick}
          />
        )}
        <AttachmentList
          attachments={attachments}
          tokens={tokens}
          reading={attaching.reading}
          onInsert={(attachment) => void insert(attachment)}
          onRemove={remove}
          className="max-h-32 overflow-y-auto pb-1.5"
        />
        <div className="flex items-end gap-0.5">
          <IconButton
            label={t('composer.attach')}
            icon={Paperclip}
            side="top"
            className="size-8!"
            onClick={() => fileInput.current?.click()}
          />
          <input
            ref={fileInput}
            type="file"
            multiple
            hidden
            aria-hidden
            onChange={(event) => {
              const files = [...(event.target.files ?? [])]
              event.target.value = ''
              void attaching.addFiles(files)
            }}
          />
          <textarea
            ref={input}
            rows={1}
            aria-label={t('thread.message')}
            aria-haspopup="listbox"
            aria-controls={slash.isOpen ? menuId : undefined}
            aria-activedescendant={slash.isOpen ? `${menuId}-${slash.chosen}` : undefined}
            placeholder={t(attachments.length > 0 ? 'composer.askSomething' : 'thread.placeholder')}
            maxLength={mostCharacters}
            value={draft.value}
            onChange={(event) => {
              history.stay()
              write(event.target.value)
            }}
            onBlur={draft.flush}
            onPaste={(event) => {
              const files = [...event.clipboardData.files]
              const pasted = event.clipboardData.getData('text/plain')
              if (files.length === 0 && pasted.length < longPaste) return
              // A copied picture of text brings the text, too.
              if (pasted !== '' && pasted.length < longPaste) return
              event.preventDefault()
              void (pasted === '' ? attaching.addFiles(files) : pasteLong(pasted))
            }}
            className="field-sizing-content max-h-[40dvh] min-w-0 flex-1 resize-none self-center bg-transparent px-1.5
              py-1 text-reading leading-6 outline-none"
            {...keys}
            onKeyDown={(event) => {
              keys.onKeyDown(event)
              if (slash.isOpen) slash.onKeyDown(event)
              else history.onKeyDown(event)
            }}
          />
          <ContextGauge
            count={count}
            running={running}
            policy={chat?.contextPolicy ?? null}
            onPolicyChange={(contextPolicy) => {
              const saved = (chat ? Promise.resolve(chat) : ensureChat()).then(({ id }) => onSave(id, { contextPolicy }))
              saved.catch(() => {})
            }}
            onShowPrompt={() => void showPrompt(text)}
          />
          <IconButton
            label={t('composer.compare')}
            icon={Columns2}
            side="top"
            className="size-8!"
            disabled={running}
            onClick={() => compare(text)}
          />
          {running && !isEmpty && (
            <IconButton
              label={t('composer.enqueue')}
              icon={ListPlus}
              side="top"
              shortcut="Enter"
              className="size-8!"
              onClick={() => void send()}
            />
          )}
          <SendButton
            running={running}
            disabled={isEmpty || sending}
            onSend={() => void send()}
            onStop={() => void stopAnswers()}
          />
        </div>
      </div>
      <ThreadDialogs />
    </div>
  )
}
