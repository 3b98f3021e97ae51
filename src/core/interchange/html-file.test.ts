import { expect, test } from 'vitest'
import { attacks } from '../../shared/lib/attacks.fixture.ts'
import { expectHarmless } from '../../shared/lib/expect-harmless.fixture.ts'
import { toHtml } from './html-file.ts'
import { englishWords, storedChat, storedMessage } from './interchange.fixture.ts'
import { shownChat } from './shown-chat.ts'

// Bug: an answer, a question, a title or an attached text reaches whoever opens the shared page as HTML.
test.each(attacks)('%j', (attack) => {
  const question = storedMessage({
    id: '1',
    role: 'user',
    text: attack,
    attachments: [{ id: '0'.repeat(64), name: attack, sizeBytes: 1 }],
  })
  const answer = storedMessage({ id: '2', parentId: '1', role: 'assistant', text: attack })
  const chat = storedChat({ title: attack, systemPrompt: attack, activeLeafId: '2' })
  const page = toHtml(shownChat({ kind: 'chat', chat, messages: [question, answer] }), englishWords, () => attack)
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<title>'))
  // The page's own parts: folded texts, and the only style that its policy lets in.
  expectHarmless(page.slice(page.indexOf('<body>')).replace(/<\/?details>/g, ''))
})
