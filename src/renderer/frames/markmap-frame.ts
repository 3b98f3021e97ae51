import { Transformer } from 'markmap-lib/no-plugins'
import { Markmap } from 'markmap-view'
import { serveFrame } from './frame-host.ts'

const transformer = new Transformer([])
// A mind map is words: no HTML, no links, no images.
transformer.md.set({ html: false }).disable(['image', 'link', 'autolink', 'reference', 'html_inline', 'html_block'], true)

serveFrame(async (source, isDark) => {
  const { root } = transformer.transform(source)
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('width', '1000')
  svg.setAttribute('height', '600')
  svg.classList.toggle('markmap-dark', isDark)
  // It measures its words, so it must be in the page.
  document.body.append(svg)
  const map = Markmap.create(svg, { duration: 0, zoom: false, pan: false, autoFit: false, maxWidth: 320 })
  await map.setData(root)
  const { x1, y1, x2, y2 } = map.state.rect
  map.g.attr('transform', null)
  svg.setAttribute('viewBox', `${x1 - 8} ${y1 - 8} ${x2 - x1 + 16} ${y2 - y1 + 16}`)
  svg.remove()
  return { svg, widthPx: x2 - x1 + 16, heightPx: y2 - y1 + 16 }
})
