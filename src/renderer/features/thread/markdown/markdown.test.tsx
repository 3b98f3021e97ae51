import fc from 'fast-check'
import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { initReactI18next } from 'react-i18next'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { TooltipProvider } from '../../../components/tooltip.tsx'
import { en } from '../../../lib/i18n/en/index.ts'
import { attacks } from '../../../../shared/lib/attacks.fixture.ts'
import { expectHarmless } from '../../../../shared/lib/expect-harmless.fixture.ts'
import { Markdown } from './markdown.tsx'
import { splitBlocks } from './split-blocks.ts'

// The settings come from a host, which is not here: long lines of code are not wrapped.
vi.mock('../../../lib/settings-store.ts', () => ({ useSettings: () => false }))

beforeAll(() => i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } } }))

function render(text: string, growing = false): string {
  return renderToStaticMarkup(
    <TooltipProvider>
      <Markdown messageId="1" blocks={splitBlocks(text)} growing={growing} />
    </TooltipProvider>,
  )
}

/** The frame of a diagram is our own; what may happen in it is looked at in a browser (e2e/reading.spec.ts). */
const withoutFrames = (html: string) =>
  html.replace(/<iframe [^>]*src="\.\/(?:mermaid|markmap)-frame\.html" sandbox="allow-scripts"[^>]*>/g, '')

/** What a person reads. */
const readable = (html: string) =>
  html.replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"')

describe('nothing in an answer runs or loads', () => {
  test.each(attacks)('%j', (attack) => {
    for (const html of [render(attack), render(attack, true)]) expectHarmless(withoutFrames(html))
  })

  test('HTML is shown as it was written', () => {
    expect(readable(render('a <b>c</b>\n\n<script>x</script>'))).toBe('a <b>c</b><script>x</script>')
  })

  test('links open outside, an image becomes a link with its description', () => {
    const outside = 'target="_blank" rel="noopener noreferrer"'
    expect(render('[x](https://a.example/b?c=1)')).toContain(`<a href="https://a.example/b?c=1" ${outside}>x</a>`)
    const image = render('![图](https://a.example/x.png)')
    expect(image).toMatch(new RegExp(`<a href="https://a.example/x.png" ${outside}>.*图</a>`))
  })
})

describe('Chinese', () => {
  test.each([
    ['**“羊驼”**是一种动物', '<strong>“羊驼”</strong>是一种动物'],
    ['**注意：**请保存', '<strong>注意：</strong>请保存'],
    ['这是**《红楼梦》**的作者', '这是<strong>《红楼梦》</strong>的作者'],
    ['**“羊驼”**', '<strong>“羊驼”</strong>'],
    ['共**3～5**天', '共<strong>3～5</strong>天'],
  ])('%s is bold', (text, html) => {
    expect(render(text)).toContain(html)
    expect(render(text, true)).toContain(html.replace(/^(.*<\/strong>).*/, '$1'))
  })

  test('single tildes strike nothing out', () => {
    expect(render('要3~5天，或7~9天')).toContain('要3~5天，或7~9天')
  })

  test('a bare address ends where Chinese goes on', () => {
    expect(render('请看https://a.example/b。然后')).toMatch(/href="https:\/\/a.example\/b"[^>]*>https:\/\/a.example\/b<\/a>。/)
    expect(render('https://a.example/b的文档')).toContain('>https://a.example/b</a>的文档')
    expect(render('https://zh.wikipedia.org/wiki/羊驼 ')).toContain('>https://zh.wikipedia.org/wiki/羊驼</a>')
  })

  test('a poem keeps its lines', () => {
    expect(render('床前明月光，\n疑是地上霜。')).toMatch(/床前明月光，<br\/>\s*疑是地上霜。/)
  })
})

test('a link defined in another block is found', () => {
  expect(render('See [a].\n\n# b\n\n[a]: https://a.example/')).toContain('<a href="https://a.example/"')
})

test('a line break in a table cell', () => {
  expect(render('| a |\n|---|\n| 1<br>2 |')).toMatch(/<td>1<br\/>\s*2<\/td>/)
})

const sample = `# 羊驼与 **LLaMA**

**“羊驼”**是一种动物，*not* a \`llama\`。价格是$5，另一个$10。

1. 第一步：**注意：**请保存
   - 子项 \`a_b\` 与 _em_
   - [ ] 待办
   - [x] 完成

2. 看[文档](https://a.example/x_y)，或 https://b.example。

| 名称 | **值** |
|:---|---:|
| 一 | $x_1$ |
| 二 | \`b.c\` |

\`\`\`python
def f(x):
    return x ** "*" ~x
\`\`\`

求根公式 $x = \\frac{-b}{2a}$，即

$$
x_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}
$$

> 引用 ~~删除~~ **粗 *斜* 粗**
> 第二行

另有 \\(a^2\\) 与 \\[ b^2 \\]

---

![图](https://a.example/x.png) 完。
`

describe('an answer while it is written', () => {
  test('shows no raw marker at any moment', () => {
    for (let end = 1; end <= sample.length; end++) {
      const text = readable(render(sample.slice(0, end), true).replace(/<pre.*?<\/pre>/s, ''))
      const shown = `${JSON.stringify(sample.slice(Math.max(0, end - 30), end))} as ${JSON.stringify(text.slice(-60))}`
      expect(text, shown).not.toMatch(/[*~`|[\]<>]|^#|\$\$|\$(?!\d)|\\[()]/)
    }
  })

  test('closes nested markup, whatever it is', () => {
    const inline = fc.letrec<{ text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'markup' },
        fc.constantFrom('羊驼', 'llama', '“引用”', '好，', '(a b)'),
        fc.tuple(fc.constantFrom('**', '*', '~~'), tie('text')).map(([mark, text]) => ` ${mark}${text}${mark} `),
        fc.constantFrom('[羊驼](https://a.example)', '[看 **这里** 和 `a_b`](https://a.example)'),
        fc.tuple(tie('text'), tie('text')).map(([first, second]) => `${first}，${second}`),
        fc.constantFrom('`a*b`', '``c`d``', '$x^2$', '\\(y\\)'),
      ),
    })).text
    const beginning = fc.constantFrom('', '- ', '1. ', '> ', '# ', '- [ ] ', '| a |\n|---|\n| ')
    const line = fc.tuple(beginning, inline).map((parts) => parts.join(''))
    fc.assert(
      fc.property(line, line, (first, second) => {
        const text = `${first}\n\n${second}`
        // Some of what this grammar writes is no markup by the rules of Markdown.
        fc.pre(!/[*~[\]]/.test(readable(render(text).replace(/<code>.*?<\/code>/gs, ''))))
        for (let end = 1; end < text.length; end++) {
          const shown = readable(render(text.slice(0, end), true).replace(/<code>.*?<\/code>/gs, ''))
          expect(shown, JSON.stringify(text.slice(0, end))).not.toMatch(/[*~`[\]|$]/)
        }
      }),
    )
  })

  test('crashes at no moment, wherever it is cut', () => {
    for (let start = 0; start < sample.length; start += 7) {
      for (let end = start; end < sample.length; end += 11) render(sample.slice(start, end), true)
    }
  })

  test('a table is a table from its first row on', () => {
    for (const text of ['| 名称 | 值', '| 名称 | 值 |', '| 名称 | 值 |\n|--', '| 名称 | 值 |\n|---|---|\n']) {
      expect(render(text, true)).toMatch(/<th>名称<\/th><th>值<\/th>/)
    }
  })
})

describe('huge answers take bounded time', () => {
  test.each([
    ['one line of a megabyte', 'word '.repeat(200_000)],
    ['a megabyte of stars', '*a_ '.repeat(250_000)],
    ['10,000 backticks', '`'.repeat(10_000)],
    ['a code block of a megabyte', `\`\`\`js\n${'let a = 1\n'.repeat(100_000)}`],
    ['10,000 nested quotes', '>'.repeat(10_000)],
    ['5,000 nested lists', '- '.repeat(5_000)],
    ['brackets', '[a]('.repeat(10_000)],
    ['stars below the limit', '*a_ '.repeat(990)],
    ['a wide table', `${'|'.repeat(5_000)}\n${'|-'.repeat(5_000)}`],
  ])('%s', (_, text) => {
    for (const growing of [false, true]) {
      const startMs = performance.now()
      render(text, growing)
      expect(performance.now() - startMs).toBeLessThan(5_000)
    }
  })
})
