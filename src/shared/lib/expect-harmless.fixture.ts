import { expect } from 'vitest'

/** Of HTML that was made from an answer: nothing in it runs, loads, embeds, sends, restyles the page or leads elsewhere. */
export function expectHarmless(html: string): void {
  const tags = Array.from(html.matchAll(/<([a-z][a-z0-9-]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi))
  for (const [tag, name, attributes] of tags) {
    expect(tag).not.toMatch(
      /^<(?:script|iframe|frame|object|embed|applet|style|link|meta|base|form|img|image|video|audio|source|use|foreignobject|animate|set|template|portal|marquee|b|font|textarea|select|dialog|details)\b/i,
    )
    for (const [, key, value] of attributes!.matchAll(/\s([^\s=>]+)(?:="([^"]*)")?/g)) {
      expect(`${name} ${key}`).not.toMatch(/ (?:on.*|srcdoc|srcset|formaction|ping|action|data|poster|background|http-equiv)$/i)
      if (/href$|^src$/i.test(key!)) expect(value, tag).toMatch(/^(?:https?:|mailto:|#)/)
      if (key === 'style') expect(value, tag).not.toMatch(/url\(|expression|@import|position:\s*fixed|javascript/i)
    }
  }
}
