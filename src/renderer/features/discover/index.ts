export { DiscoverPage } from './discover-page.tsx'
export { DownloadsPage } from './downloads-page.tsx'
