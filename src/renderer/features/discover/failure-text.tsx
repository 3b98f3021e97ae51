import { useTranslation } from 'react-i18next'
import { OutsideLink } from '../../components/outside-link.tsx'
import type { ShownFailure } from '../../lib/failure.ts'
import { failureSentence } from '../../lib/i18n/failure-sentence.ts'

/** What went wrong and what to do, with the address to go to where the sentence names one. */
export function FailureText({ failure }: { failure: ShownFailure }) {
  const { t } = useTranslation()
  const sentence = failureSentence(t, failure)
  const url = 'url' in failure.data ? String(failure.data.url) : ''
  const at = url ? sentence.indexOf(url) : -1
  if (at < 0) return <>{sentence}</>
  return (
    <>
      {sentence.slice(0, at)}
      <OutsideLink href={url} className="text-accent underline underline-offset-2 wrap-anywhere">
        {url}
      </OutsideLink>
      {sentence.slice(at + url.length)}
    </>
  )
}
