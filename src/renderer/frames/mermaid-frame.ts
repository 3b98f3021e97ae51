import mermaid from 'mermaid'
import { serveFrame } from './frame-host.ts'

serveFrame(async (source, isDark) => {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: isDark ? 'dark' : 'neutral',
    fontFamily: 'system-ui, "PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC", sans-serif',
    suppressErrorRendering: true,
    // A directive in the source may change none of these.
    secure: ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'maxEdges', 'suppressErrorRendering', 'htmlLabels', 'themeCSS'],
  })
  const { svg: text } = await mermaid.render('drawing', source)
  const holder = document.createElement('div')
  holder.innerHTML = text
  const svg = holder.querySelector('svg')!
  const { width, height } = svg.viewBox.baseVal
  return { svg, widthPx: width || 600, heightPx: height || 400 }
})
