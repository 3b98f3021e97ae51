/**
 * What both frames share: they draw a text as SVG when told to, keep the picture in a box that can be zoomed and
 * moved, and say how tall it wants to be. The frame has no network and an origin of its own; what it draws comes
 * from a model's answer.
 */

export interface Drawing {
  svg: SVGSVGElement
  widthPx: number
  heightPx: number
}

type Draw = (source: string, isDark: boolean) => Promise<Drawing>

const zooms = { least: 0.1, most: 8 }

export function serveFrame(draw: Draw): void {
  const box = document.createElement('div')
  box.className = 'box'
  document.body.append(box)
  let drawing: Drawing | null = null
  let view = { x: 0, y: 0, zoom: 1 }

  const tell = (message: object) => parent.postMessage(message, '*')
  function show(next: typeof view) {
    view = { ...next, zoom: Math.min(zooms.most, Math.max(zooms.least, next.zoom)) }
    if (drawing) drawing.svg.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`
  }
  function fit() {
    if (!drawing) return
    const zoom = Math.min(1, innerWidth / drawing.widthPx, innerHeight / drawing.heightPx)
    show({ x: (innerWidth - drawing.widthPx * zoom) / 2, y: 0, zoom })
  }
  function zoomBy(factor: number, x = innerWidth / 2, y = innerHeight / 2) {
    const zoom = Math.min(zooms.most, Math.max(zooms.least, view.zoom * factor))
    const ratio = zoom / view.zoom
    show({ x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, zoom })
  }

  addEventListener('message', (event) => {
    // Only the page that holds this frame.
    if (event.source !== parent) return
    const { type, source, isDark, factor } = event.data as Record<string, unknown>
    if (type === 'draw' && typeof source === 'string') void redraw(source, isDark === true)
    else if (type === 'zoom' && typeof factor === 'number') zoomBy(factor)
    else if (type === 'fit') fit()
    else if (type === 'save' && drawing) tell({ type: 'svg', text: savedSvg(drawing) })
  })
  addEventListener('resize', fit)
  addEventListener(
    'wheel',
    (event) => {
      // Without a key the wheel scrolls the thread.
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      zoomBy(Math.exp(-event.deltaY / 300), event.clientX, event.clientY)
    },
    { passive: false },
  )
  box.addEventListener('pointerdown', (event) => box.setPointerCapture(event.pointerId))
  box.addEventListener('pointermove', (event) => {
    if (event.buttons === 1) show({ ...view, x: view.x + event.movementX, y: view.y + event.movementY })
  })

  async function redraw(source: string, isDark: boolean) {
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light'
    try {
      const next = await draw(source, isDark)
      makeHarmless(next.svg)
      drawing = next
      next.svg.setAttribute('width', String(next.widthPx))
      next.svg.setAttribute('height', String(next.heightPx))
      next.svg.style.maxWidth = 'none'
      box.replaceChildren(next.svg)
      tell({ type: 'drawn', heightPx: Math.min(1, innerWidth / next.widthPx) * next.heightPx + 16 })
      fit()
    } catch (error) {
      tell({ type: 'failed', why: error instanceof Error ? error.message : String(error) })
    }
  }
  tell({ type: 'ready' })
}

/** Links would lead the frame away, and what could run or load has no place in a picture that is saved. */
export function makeHarmless(svg: SVGSVGElement): void {
  for (const element of svg.querySelectorAll('script, iframe, object, embed, image, img, link, meta, base, form')) {
    element.remove()
  }
  for (const link of svg.querySelectorAll('a')) {
    const group = document.createElementNS(link.namespaceURI, link instanceof SVGElement ? 'g' : 'span')
    for (const { name, value } of link.attributes) if (!/href$|^target$/i.test(name)) group.setAttribute(name, value)
    group.append(...link.childNodes)
    link.replaceWith(group)
  }
  for (const element of [svg, ...svg.querySelectorAll('*')]) {
    for (const { name } of [...element.attributes]) {
      const isAddress = /^(?:xlink:)?href$|^src$/i.test(name) && !element.getAttribute(name)!.startsWith('#')
      if (/^on/i.test(name) || isAddress) element.removeAttribute(name)
    }
  }
}

function savedSvg({ svg, widthPx, heightPx }: Drawing): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  copy.style.transform = ''
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(widthPx))
  copy.setAttribute('height', String(heightPx))
  return new XMLSerializer().serializeToString(copy)
}
