export function DownloadsPage() {
  return null
}
